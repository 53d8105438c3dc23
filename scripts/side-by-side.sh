# Times programs side by side. It is sourced by scripts that have made the folder $work, whose bin is first in PATH.

# install_missing PROGRAM=PACKAGE... installs the packages of Debian whose programs are missing, and time.
install_missing() {
	local packages=() pair
	[ -x /usr/bin/time ] || packages+=(time)
	for pair; do
		command -v "${pair%=*}" >/dev/null || packages+=("${pair#*=}")
	done
	if [ ${#packages[@]} -gt 0 ]; then
		apt-get update -qq >&2
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
	fi
}

# install_go PROGRAM MODULE installs a program that is missing with go install.
install_go() {
	command -v "$1" >/dev/null || GOBIN="$work/bin" go install "$2" || echo "no $1: it is left out" >&2
}

# once NAME BYTES COMMAND... appends seconds, CPU seconds and peak KiB of a run. A program that fails is not timed: how
# fast it gives up says nothing. The output goes to a file: grep stops at the first match when it sees /dev/null.
once() {
	local name=$1 bytes=$2
	shift 2
	if ! /usr/bin/time -q -o "$work/time" -f '%e %U %S %M' "$@" >"$work/output" 2>"$work/errors"; then
		echo "$name failed: $(head -n 3 "$work/errors")" >&2
		return
	fi
	echo "$name|$bytes|$(cat "$work/time")" >>"$work/times"
}

# table prints the fastest run of each program. A slice is compared with covetlog's run on the slice.
table() {
	echo "| program | MiB | s | CPU s | MB/s | times covetlog's | peak MiB |"
	echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
	awk -F '|' '
		!($1 in best) { names[++n] = $1 }
		{ split($3, t, " ") }
		!($1 in best) || t[1] < best[$1] { size[$1] = $2; best[$1] = t[1]; cpu[$1] = t[2] + t[3]; peak[$1] = t[4] }
		END {
			for (i = 1; i <= n; i++) {
				name = names[i]
				own = best["covetlog report" (name ~ /, slice$/ ? ", slice" : "")]
				ratio = own > 0 ? sprintf("%.2f", best[name] / own) : "-"
				printf "| %s | %.0f | %.2f | %.2f | %.0f | %s | %.0f |\n", name, size[name] / 2^20, best[name], cpu[name],
					size[name] / 1e6 / (best[name] + 1e-9), ratio, peak[name] / 1024
			}
		}' "$work/times"
}
