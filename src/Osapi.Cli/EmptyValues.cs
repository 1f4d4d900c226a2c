namespace Osapi.Cli;

/// <summary>
/// Keeps the empty values of options: the parser drops what stands behind the equals sign of <c>--args=</c>, and would take the
/// next word for it.
/// </summary>
internal static class EmptyValues
{
    /// <summary>The same arguments, with such an option and its value as two.</summary>
    public static IReadOnlyList<string> Keep(IReadOnlyList<string> arguments)
    {
        List<string> kept = new(arguments.Count);
        var options = true;
        foreach (var argument in arguments)
        {
            options &= argument != "--";
            if (options && argument.StartsWith('-') && argument.IndexOfAny([':', '=']) is > 1 and var sign && string.IsNullOrWhiteSpace(argument[(sign + 1)..]))
                kept.AddRange([argument[..sign], argument[(sign + 1)..]]);
            else
                kept.Add(argument);
        }

        return kept;
    }
}
