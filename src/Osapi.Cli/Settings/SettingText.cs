namespace Osapi.Cli.Settings;

/// <summary>A text that was given for a setting.</summary>
/// <param name="Text">The text.</param>
/// <param name="Where">What to call it when it is wrong: an option, a variable, or a place in a file and the key there.</param>
internal readonly record struct SettingText(string Text, string Where);

/// <summary>Everything that was given for one setting in the place that counts.</summary>
/// <param name="Where">The option, the variable, or the place in the file.</param>
/// <param name="Texts">The items of a list, each <c>key=value</c> of a map, or the one text.</param>
internal sealed record SettingValue(string Where, IReadOnlyList<SettingText> Texts);
