# fish completion for myfabric(1)
function __myfabric_command
    set -l words (commandline -opc)
    echo $words[2]
end
complete -c myfabric -f
complete -c myfabric -n 'test (count (commandline -opc)) -eq 1' -a '(myfabric complete commands)'
complete -c myfabric -n 'test (count (commandline -opc)) -eq 2; and test -n "$(myfabric complete takes-dsn (__myfabric_command))"' -a '(myfabric complete dsn)'
complete -c myfabric -n 'test (count (commandline -opc)) -ge 2' -a '(myfabric complete options (__myfabric_command))'
function __myfabric_takes
    contains -- $argv[1] (myfabric complete options (__myfabric_command))
end
complete -c myfabric -n '__myfabric_takes --mode' -l mode -x -a 'readwrite readonly auto'
complete -c myfabric -n '__myfabric_takes --scope' -l scope -x -a 'local global'
complete -c myfabric -n '__myfabric_takes --output' -l output -r -F
