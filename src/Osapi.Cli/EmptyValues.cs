namespace Osapi.Cli;

/// <summary>
/// Preserves empty values of options: the parser drops an empty value after the equals sign, as in <c>--args=</c>, and would take the
/// next argument as the value.
/// </summary>
internal static class EmptyValues
{
    /// <summary>Returns the arguments with such an option and its value as two arguments.</summary>
    public static IReadOnlyList<string> Keep(IReadOnlyList<string> arguments)
    {
        List<string> result = new(arguments.Count);
        var options = true;
        foreach (var argument in arguments)
        {
            options &= argument != "--";
            if (options && argument.StartsWith('-') && argument.IndexOfAny([':', '=']) is > 1 and var sign && string.IsNullOrWhiteSpace(argument[(sign + 1)..]))
                result.AddRange([argument[..sign], argument[(sign + 1)..]]);
            else
                result.Add(argument);
        }

        return result;
    }
}
