using System.CommandLine;

namespace Osapi.Cli.Settings;

/// <summary>An option of the command line that sets a setting.</summary>
internal sealed record SettingOption(Option Option, Setting Setting)
{
    /// <summary>What was given; null when it was not.</summary>
    public SettingValue? Read(ParseResult result)
    {
        // The texts as they are, so that everything that is wrong can be told at once. An empty one counts as not given, as an empty variable does.
        var texts = result.GetResult(Option) is { Implicit: false } given ? given.Tokens.Where(token => token.Value.Length > 0).Select(token => new SettingText(token.Value, Option.Name)).ToList() : [];
        return texts.Count > 0 ? new(Option.Name, texts) : null;
    }
}
