namespace Osapi.Plans.Expressions;

/// <summary>Looks for words of a shell line behind which a value is read as code again, or brackets are not pairs.</summary>
internal sealed class ShellCommandWords
{
    private const int MaxWord = 200;

    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "ksh", "zsh", "su", "runuser", "busybox"];

    private readonly char[] word = new char[MaxWord];
    private int length;
    private bool isShell;

    public void Begin() => length = 0;

    public void Add(char character)
    {
        // Quotes are no part of a word.
        if (length < MaxWord && character is not ('\'' or '"'))
            word[length++] = character;
    }

    /// <summary>Ends a word; returns the reason that no value can stand behind it, or null.</summary>
    /// <param name="separator">The character behind the word.</param>
    /// <param name="isBracketed">True within brackets.</param>
    public string? End(char separator, bool isBracketed)
    {
        var ended = word.AsSpan(0, length);
        length = 0;
        var name = ended[(ended.LastIndexOf('/') + 1)..].ToString();
        isShell |= Shells.Contains(name);
        var reason = name switch
        {
            // The ')' behind the pattern of a case closes no '('.
            "case" when isBracketed => "it stands behind a 'case' in brackets",
            "eval" or "ssh" => $"'{name}' before it has a shell read it once more, as code",
            ['-', .., 'c'] when isShell && !ended.Contains('=') => "the shell that the line starts reads it once more, as code",
            _ => null,
        };
        if (separator is ';' or '|' or '&' or '\n')
            isShell = false;
        return reason;
    }
}
