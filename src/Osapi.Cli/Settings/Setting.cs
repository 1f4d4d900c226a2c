namespace Osapi.Cli.Settings;

/// <summary>A setting of the configuration.</summary>
internal abstract class Setting(string key)
{
    /// <summary>The key in the file: <c>controller.listen</c>.</summary>
    public string Key => key;

    /// <summary>The environment variable of the setting.</summary>
    public string Variable { get; init; } = "OSAPI_" + key.ToUpperInvariant().Replace('.', '_');

    /// <summary>The section of the file; empty for a setting at the top level.</summary>
    public string Section => key.LastIndexOf('.') is > 0 and var dot ? key[..dot] : "";

    /// <summary>The description, without a full stop at the end.</summary>
    public required string Summary { get; init; }

    /// <summary>The default, as text.</summary>
    public required string Default { get; init; }

    /// <summary>The valid values, as text.</summary>
    public required string Range { get; init; }

    /// <summary>The shape of the value.</summary>
    public SettingShape Shape { get; init; } = SettingShape.One;

    /// <summary>True for a secret, which is never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Parses the given value; returns null and adds a problem for each invalid text.</summary>
    public abstract object? ReadAny(SettingValue given, List<string> problems);
}

/// <summary>The shape of a setting's value.</summary>
internal enum SettingShape
{
    /// <summary>A single text.</summary>
    One,

    /// <summary>A list; separated by commas in a variable.</summary>
    List,

    /// <summary>A map of names and values; <c>name=value</c>, separated by commas, in a variable.</summary>
    Map,
}

/// <summary>A setting of the configuration.</summary>
/// <param name="key">The key in the file.</param>
/// <param name="read">Parses the given value and adds problems.</param>
internal sealed class Setting<T>(string key, Func<SettingValue, List<string>, T?> read) : Setting(key)
{
    public override object? ReadAny(SettingValue given, List<string> problems) => read(given, problems);
}
