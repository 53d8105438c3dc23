# bash completion of covetlog. Load it with: source <(covetlog completion bash)

_covetlog() {
    local IFS=$'\n' word last="" candidate prefix
    local -a words=()
    COMPREPLY=()

    # Bash cuts words at = and :, covetlog does not: put --format=json and 12:30 together again.
    for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        if [[ ${#words[@]} -gt 0 && ($word == [=:]* || $last == [=:]) ]]; then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
        last=$word
    done

    # What stands before the last = or : is on the line already.
    word=${words[${#words[@]} - 1]}
    prefix=${word%"${word##*[=:]}"}
    for candidate in $("${1/#\~/$HOME}" __complete "${words[@]}" 2>/dev/null); do
        candidate=${candidate%%$'\t'*}
        COMPREPLY+=("${candidate#"$prefix"}")
    done
}

# Without candidates, the name of a file is completed.
complete -o bashdefault -o default -F _covetlog covetlog
