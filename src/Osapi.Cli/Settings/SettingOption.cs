using System.CommandLine;

namespace Osapi.Cli.Settings;

/// <summary>An option of the command line that sets a setting.</summary>
internal sealed record SettingOption(Option Option, Setting Setting)
{
    /// <summary>Returns the given value; null when the option is not given.</summary>
    public SettingValue? Read(ParseResult result)
    {
        // The unparsed texts, so that all problems can be reported at once. An empty text counts as not given, like an empty variable.
        var texts = result.GetResult(Option) is { Implicit: false } given ? given.Tokens.Where(token => token.Value.Length > 0).Select(token => new SettingText(token.Value, Option.Name)).ToList() : [];
        return texts.Count > 0 ? new(Option.Name, texts) : null;
    }
}
