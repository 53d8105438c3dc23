package main

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"strings"
)

// completeCommand is what the completion scripts call, with the words behind the program's name up to the cursor. Each line of the answer is a
// candidate, a tab and a description; no line means the name of a file. The scripts know nothing else, so they stay right
// when the flags change, and no word that is typed is ever run.
const completeCommand = "__complete"

//go:embed completion
var completionScripts embed.FS

var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletion(p *program) *command {
	c := &command{
		name:    "completion",
		args:    strings.Join(shells, "|"),
		summary: "print the script that completes covetlog's flags in a shell",
		about: "bash: add this to ~/.bashrc: source <(covetlog completion bash)\n\n" +
			"zsh: covetlog completion zsh > ~/.zfunc/_covetlog, with fpath+=~/.zfunc before compinit in ~/.zshrc\n\n" +
			"fish: covetlog completion fish > ~/.config/fish/completions/covetlog.fish\n\n" +
			"powershell: add this to $PROFILE: covetlog completion powershell | Out-String | Invoke-Expression",
		examples: []example{{"covetlog completion bash", "The script for bash, on standard output."}},
		choices:  shells,
	}
	c.run = func(_ context.Context, args []string) error {
		if len(args) != 1 || !slices.Contains(shells, args[0]) {
			return c.misused("name one shell: %s", strings.Join(shells, ", "))
		}
		script, err := completionScripts.ReadFile("completion/covetlog." + args[0])
		if err != nil {
			return err
		}
		_, err = p.stdout.Write(script)
		return err
	}
	return c
}

// complete prints what the last word can become.
func (p *program) complete(commands []*command, words []string) error {
	for _, c := range candidates(commands, words) {
		if _, err := fmt.Fprintf(p.stdout, "%s\t%s\n", c.word, c.about); err != nil {
			return err
		}
	}
	return nil
}

type candidate struct{ word, about string }

func candidates(commands []*command, words []string) []candidate {
	if len(words) == 0 {
		return nil
	}
	// PowerShell cannot pass an empty word, so its script passes a blank.
	current := strings.TrimSpace(words[len(words)-1])
	var all []candidate
	switch before := words[:len(words)-1]; {
	case len(before) == 0:
		all = append(commandCandidates(commands), candidate{"help", "help for covetlog or a command"}, candidate{"--help", "help"}, candidate{"--version", "the version"})
	case before[0] == "help":
		all = commandCandidates(commands)
	default:
		if c, err := find(commands, before[0]); err == nil {
			all = c.candidates(before[1:], current)
		}
	}
	return slices.DeleteFunc(all, func(c candidate) bool { return !strings.HasPrefix(c.word, current) })
}

func commandCandidates(commands []*command) (list []candidate) {
	for _, c := range commands {
		list = append(list, candidate{c.name, c.summary})
	}
	return list
}

func (c *command) candidates(before []string, current string) []candidate {
	if slices.Contains(before, "--") {
		return nil
	}
	if name, _, inline := strings.Cut(current, "="); inline {
		return c.valueCandidates(name, name+"=")
	}
	if len(before) > 0 {
		if o, _ := c.option(before[len(before)-1]); o != nil && !o.IsBoolFlag() {
			return choices(o.choices, "")
		}
	}
	if strings.HasPrefix(current, "-") {
		return c.flagCandidates()
	}
	return choices(c.choices, "")
}

func (c *command) valueCandidates(flag, prefix string) []candidate {
	if o, _ := c.option(flag); o != nil {
		return choices(o.choices, prefix)
	}
	return nil
}

func choices(words []string, prefix string) (list []candidate) {
	for _, w := range words {
		list = append(list, candidate{word: prefix + w})
	}
	return list
}

func (c *command) flagCandidates() (list []candidate) {
	for _, o := range c.options {
		list = append(list, candidate{o.flag(), o.usage})
		if o.IsBoolFlag() && o.initial == "true" {
			list = append(list, candidate{o.negative(), "without " + o.usage})
		}
	}
	return list
}
