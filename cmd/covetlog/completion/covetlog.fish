# fish completion of covetlog. Put it into ~/.config/fish/completions/covetlog.fish

function __covetlog_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    covetlog __complete $words[2..-1] "$current" 2>/dev/null
end

# Files are offered beside the candidates.
complete -c covetlog -a '(__covetlog_complete)'
