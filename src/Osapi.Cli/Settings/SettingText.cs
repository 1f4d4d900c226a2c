namespace Osapi.Cli.Settings;

/// <summary>A text that is given for a setting.</summary>
/// <param name="Text">The text.</param>
/// <param name="Where">The source in a problem: an option, a variable, or a position in a file with the key.</param>
internal readonly record struct SettingText(string Text, string Where);

/// <summary>The effective value of a setting: all its texts from one source.</summary>
/// <param name="Where">The source: an option, a variable, or a position in the file.</param>
/// <param name="Texts">The items of a list, each <c>key=value</c> of a map, or the one text.</param>
internal sealed record SettingValue(string Where, IReadOnlyList<SettingText> Texts);
