using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Docker;
using Osapi.Operations.Files;

namespace Osapi.Cli.Settings;

/// <summary>The parsers for the items of an agent's allow and deny lists.</summary>
internal static class RestrictionTexts
{
    /// <summary>Parses the id of an operation of hosts, or the beginning of one with <c>*</c>.</summary>
    /// <remarks>One that covers nothing is an error: a misspelt entry would protect nothing.</remarks>
    public static (string?, string?) Operation(string text)
    {
        var known = OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host).Select(operation => operation.Id);
        return known.Any(id => AgentRestrictions.Matches(text, id))
            ? (text, null)
            : (null, $"'{SettingReaders.Excerpt(text)}' covers no operation of hosts{Suggestions.Hint(text, known)}");
    }

    /// <summary>Parses the path of a program, or a directory with <c>/*</c>.</summary>
    public static (string?, string?) Command(string text) => text.EndsWith("/*", StringComparison.Ordinal)
        ? Absolute(text[..^2]) is (_, { } problem) ? (null, problem) : (text, null)
        : Absolute(text);

    /// <summary>Parses an absolute path.</summary>
    public static (string?, string?) Directory(string text) => Absolute(text);

    /// <summary>Parses the name or number of a user.</summary>
    public static (string?, string?) User(string text) => Osapi.Operations.Json.Text.TryParse<AccountName>(text) is null
        ? (null, $"'{SettingReaders.Excerpt(text)}' is not the name or number of a user")
        : (text, null);

    /// <summary>Parses the name of an image, or a part of one with <c>/*</c>.</summary>
    public static (string?, string?) Image(string text)
    {
        // A pattern is right when a name that it covers is one.
        var sample = text.EndsWith("/*", StringComparison.Ordinal) ? text[..^1] + "x" : text;
        return Osapi.Operations.Json.Text.TryParse<ImageName>(sample) is { IsId: false }
            ? (text, null)
            : (null, $"'{SettingReaders.Excerpt(text)}' is not the name of an image: expected NAME, NAME:TAG, NAME@DIGEST or REGISTRY/PATH/*");
    }

    private static (string?, string?) Absolute(string text) =>
        text.StartsWith('/') && !text.Any(char.IsControl) && Path.TrimEndingDirectorySeparator(Path.GetFullPath(text)) is var full
            ? (full, null)
            : (null, $"'{SettingReaders.Excerpt(text)}' is not an absolute path");
}
