# bash completion for myfabric(1)
_myfabric() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
    COMPREPLY=()
    case "$previous" in
        --mode) mapfile -t COMPREPLY < <(compgen -W "readwrite readonly auto" -- "$current"); return ;;
        --scope) mapfile -t COMPREPLY < <(compgen -W "local global" -- "$current"); return ;;
        --output|--driver|--setup) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    esac
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$(myfabric complete commands 2>/dev/null) --help --version" -- "$current")
    elif [ "${current#-}" != "$current" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$(myfabric complete options "$command" 2>/dev/null)" -- "$current")
    elif [ "$COMP_CWORD" -eq 2 ] && [ -n "$(myfabric complete takes-dsn "$command" 2>/dev/null)" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$(myfabric complete dsn 2>/dev/null)" -- "$current")
    fi
}
complete -F _myfabric myfabric
