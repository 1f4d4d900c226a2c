namespace Osapi.Cli.Completion;

/// <summary>The scripts that connect shells with <c>osapi completion words</c>. Where it prints nothing, shells complete files.</summary>
internal static class ShellScripts
{
    private const string Bash = """
        # bash completion of osapi
        _osapi() {
            local line="$COMP_LINE" word
            COMPREPLY=()
            while IFS= read -r word; do
                COMPREPLY+=("$(printf '%q' "$word")")
            done < <("${COMP_WORDS[0]}" completion words --position "$COMP_POINT" -- "$line" 2>/dev/null)
            # A label has a colon, at which bash begins a new word.
            local current="${line:0:COMP_POINT}"
            current="${current##* }"
            if [[ "$current" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then
                COMPREPLY=("${COMPREPLY[@]#"${current%"${current##*:}"}"}")
            fi
        }
        complete -o default -F _osapi osapi
        """;

    private const string Zsh = """
        #compdef osapi
        # zsh completion of osapi
        _osapi() {
            local -a candidates
            candidates=("${(@f)$("${words[1]}" completion words --position "$CURSOR" -- "$BUFFER" 2>/dev/null)}")
            candidates=("${(@)candidates:#}")
            if (( ${#candidates} )); then
                compadd -- "${candidates[@]}"
            else
                _files
            fi
        }
        if [[ "$funcstack[1]" == _osapi ]]; then _osapi "$@"; else compdef _osapi osapi; fi
        """;

    private const string Fish = """
        # fish completion of osapi
        function __osapi_words
            set -l line (commandline -cp)
            set -l words (osapi completion words -- "$line" 2>/dev/null)
            if test (count $words) -gt 0
                printf '%s\n' $words
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c osapi -f -a '(__osapi_words)'
        """;

    /// <summary>The shells, their scripts, and the line that loads them.</summary>
    public static IReadOnlyList<(string Shell, string Script, string Usage)> All { get; } =
    [
        ("bash", Bash, "in ~/.bashrc: source <(osapi completion bash)"),
        ("zsh", Zsh, "in ~/.zshrc after compinit: source <(osapi completion zsh)"),
        ("fish", Fish, "osapi completion fish > ~/.config/fish/completions/osapi.fish"),
    ];
}
