using System.CommandLine;
using System.Globalization;

namespace Osapi.Cli.Commands;

/// <summary>The option <c>--after</c> of the commands that follow something: the position after which they begin.</summary>
internal static class AfterOption
{
    /// <summary>Creates the option.</summary>
    /// <param name="description">The description.</param>
    /// <param name="helpName">The name of the value in the help.</param>
    public static Option<string?> Create(string description, string helpName) => new("--after") { Description = description, HelpName = helpName };

    /// <summary>Reads the position; null for none, and for one that is wrong, which is added to the problems.</summary>
    public static long? Read(string? text, List<string> problems)
    {
        if (text is null)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after))
            return after;
        problems.Add("--after must be a whole number");
        return null;
    }
}
