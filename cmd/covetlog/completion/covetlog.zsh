#compdef covetlog
# zsh completion of covetlog. Put it as _covetlog into a directory of $fpath.

_covetlog() {
    local line tab=$'\t'
    local -a candidates
    for line in "${(@f)$(covetlog __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
        [[ -n $line ]] && candidates+=("${${line%%$tab*}//:/\\:}:${line#*$tab}")
    done
    if (( ${#candidates} )); then
        _describe -V 'covetlog' candidates
    else
        _files
    fi
}

if [[ $funcstack[1] == _covetlog ]]; then
    _covetlog "$@"
else
    compdef _covetlog covetlog
fi
