package normalize

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// tagsOf returns the tags of a statement as name=value, one space between them.
func tagsOf(sql string) string {
	var tags []string
	Tags([]byte(sql), func(name, value []byte) bool {
		tags = append(tags, fmt.Sprintf("%s=%s", name, value))
		return true
	})
	return strings.Join(tags, " ")
}

func TestTags(t *testing.T) {
	f := func(sql, want string) {
		t.Helper()
		if got := tagsOf(sql); got != want {
			t.Errorf("%q has\n  %s, want\n  %s", sql, got, want)
		}
	}
	// sqlcommenter
	f("SELECT 1 /*action='run%2Bthis',controller='index'*/", "action=run+this controller=index")
	f("SELECT 1 /*name='DROP%20TABLE%20FOO'*/;", "name=DROP TABLE FOO")
	f(`SELECT 1 /*name=''', name2='it\'s', name3='a\\b', name4='a\x'*/`, "")
	f(`SELECT 1 /*name='it\'s', name3='a\\b', name4='a\x', a%20b='%27%', e=''*/`, `name=it's name3=a\b name4=a\x a b='% e=`)
	f("SELECT 1 /*a='%e4%C3%A4%zz%2'*/", "a=\xe4ä%zz%2")
	f("SELECT 1 /* traceparent='00-5bd66ef5095369c7b0d1f8f4bd33716a-c532cb4098ac3dd2-01' , db_driver=\"mysql:5.7\" */ ; ", "traceparent=00-5bd66ef5095369c7b0d1f8f4bd33716a-c532cb4098ac3dd2-01 db_driver=mysql:5.7")
	f("SELECT 1 /*a='b*/", "")
	f("SELECT 1 /*a='b'c*/", "")
	// Marginalia
	f("/*app:web,controller:users,action:index*/ SELECT 1", "app=web controller=users action=index")
	f("SELECT 1 /*application:My Shop,job:Mail::Daily,line:/app/x.rb:10:in `y'*/", "application=My Shop job=Mail::Daily line=/app/x.rb:10:in `y'")
	f("SELECT 1 /* app=web, controller=users */", "app=web controller=users")
	f("SELECT 1 /*a:100%25,b=50%*/", "a=100%25 b=50%")
	// No tags
	f("SELECT 1 /* note: this is slow, see ticket: 5 */", "")
	f("SELECT 1 /* todo */", "")
	f("SELECT 1 /* see http://example.com/a */", "")
	f("SELECT 1 /*http://example.com*/", "")
	f("SELECT a /* AND b=5 */", "")
	f("SELECT a /*b=5 AND c=6*/", "")
	f("SELECT a /*b==5*/", "")
	f("SELECT a /*b::int*/", "")
	f("SELECT a /*10:30*/", "")
	f("SELECT a /*a:b,*/", "")
	f("SELECT a /*a:*/", "")
	f("SELECT a /*:b*/", "")
	f("SELECT a /**/", "")
	f("SELECT a /*/", "")
	f("SELECT a /*a:b", "")
	// Where a comment stands
	f("SELECT '/*a:b*/'", "")
	f("SELECT '/*a:b*/", "")
	f(`SELECT "x /*a:b*/`, "")
	f("SELECT `x /*a:b*/", "")
	f("SELECT 1 -- /*a:b*/", "")
	f("SELECT 1 # /*a:b*/", "")
	f("SELECT 1 -- x\n /*a:b*/", "a=b")
	f("-- x\n# y\n/*a:b*/ /* c */\n/*d:e*/ SELECT 1", "a=b d=e")
	f("SELECT /*a:b*/ 1", "")
	f("SELECT 'x\\'' /*a:b*/ /* c */ ; /*d:e*/\n;", "a=b d=e")
	f("/*a:b*/ SELECT 1 /*c:d*/", "a=b c=d")
	f("/*a:b*/", "a=b")
	f("/*a:b*/ -- c", "a=b")
	f("SELECT /*+ a:b */ 1 /*+ c:d */", "")
	f("/*+ a:b */ SELECT 1 /*+c:d*/", "")
	f("/*!a:b*/ SELECT 1 /*!50000a:b*/", "")
	f("/*!40001 /*a:b*/ SELECT */ 1", "")
	f("SELECT /*! 1 /*a:b*/ */", "")
	f("SELECT /*! 1 */ /*a:b*/", "a=b")
	f("SELECT 1 /*!99999 */ /*a:b*/", "a=b")
	f("SELECT 1 /*M!99999 /*a:b*/ */ /*c:d*/", "c=d")
	f("SELECT 1; SELECT 2 /*a:b*/", "a=b")
}

func TestTagsAreBounded(t *testing.T) {
	name, value := strings.Repeat("n", maxTagName), strings.Repeat("v", maxTagValue-1)
	if got, want := tagsOf("SELECT 1 /*"+name+":"+value+"ä*/"), name+"="+value; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := tagsOf("SELECT 1 /*a='"+strings.Repeat("%41", 1000)+"'*/"), "a="+strings.Repeat("A", maxTagValue); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := tagsOf("SELECT 1 /*" + name + "n:v*/"); got != "" {
		t.Errorf("got %s of a name that is too long", got)
	}
	many := "/*a:b" + strings.Repeat(",a:b", maxTags/2) + "*/"
	if got := strings.Count(tagsOf(many+"SELECT 1"+many), "a=b"); got != maxTags {
		t.Errorf("%d tags, want %d", got, maxTags)
	}
	n := 0
	Tags([]byte(many+"SELECT 1"+many), func(_, _ []byte) bool { n++; return n < 3 })
	if n != 3 {
		t.Errorf("%d tags after the third was refused", n)
	}
}

func TestTagsDoNotAllocate(t *testing.T) {
	for _, sql := range []string{"SELECT a FROM t WHERE b = 'x'", "SELECT a /* b */ FROM t", "SELECT '/*'", "SELECT 1 /*a:b,c='d'*/"} {
		b, n := []byte(sql), 0
		yield := func(name, value []byte) bool { n += len(name) + len(value); return true }
		if allocs := testing.AllocsPerRun(100, func() { Tags(b, yield) }); allocs > 0 {
			t.Errorf("%v allocations for %q", allocs, sql)
		}
	}
}

func FuzzTags(f *testing.F) {
	f.Add([]byte("/*a:b,c='d%20\\''*/ SELECT '/*' /*! x */ -- \n /*e=f*/;"))
	f.Add([]byte("SELECT /*+ a */ 1 /*M! 2 */ /*a:b"))
	f.Fuzz(func(t *testing.T, sql []byte) {
		n := 0
		Tags(sql, func(name, value []byte) bool {
			if n++; n > maxTags || len(name) == 0 || len(name) > maxTagName || len(value) > maxTagValue {
				t.Errorf("tag %d: %q, %q", n, name, value)
			}
			if !bytes.Contains(sql, []byte("*/")) {
				t.Errorf("%q without a comment", name)
			}
			return true
		})
	})
}

func BenchmarkTags(b *testing.B) {
	for name, sql := range map[string]string{
		"none":   "SELECT id, name, total FROM orders WHERE customer_id = 4711 AND status IN ('open', 'paid') ORDER BY id DESC LIMIT 10",
		"behind": "SELECT id, name, total FROM orders WHERE customer_id = 4711 AND status IN ('open', 'paid') ORDER BY id DESC LIMIT 10 /*app:web,controller:users*/",
	} {
		b.Run(name, func(b *testing.B) {
			sql := []byte(sql)
			b.SetBytes(int64(len(sql)))
			b.ReportAllocs()
			for b.Loop() {
				Tags(sql, func(_, _ []byte) bool { return true })
			}
		})
	}
}
