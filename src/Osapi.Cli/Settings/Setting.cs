namespace Osapi.Cli.Settings;

/// <summary>One key of the configuration.</summary>
internal abstract class Setting(string key)
{
    /// <summary>Its place in the file: <c>controller.listen</c>.</summary>
    public string Key => key;

    /// <summary>The environment variable that sets it, too.</summary>
    public string Variable { get; init; } = "OSAPI_" + key.ToUpperInvariant().Replace('.', '_');

    /// <summary>The section of the file that it stands in; empty for one that stands alone.</summary>
    public string Section => key.LastIndexOf('.') is > 0 and var dot ? key[..dot] : "";

    /// <summary>What it is, in a sentence without a full stop.</summary>
    public required string Summary { get; init; }

    /// <summary>What counts when it is not given, in words.</summary>
    public required string Default { get; init; }

    /// <summary>What it can be, in words.</summary>
    public required string Range { get; init; }

    /// <summary>How its texts belong together.</summary>
    public SettingShape Shape { get; init; } = SettingShape.One;

    /// <summary>True for what is never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Reads what was given; null and a problem for each text that is wrong.</summary>
    public abstract object? ReadAny(SettingValue given, List<string> problems);
}

/// <summary>How the texts of a setting belong together.</summary>
internal enum SettingShape
{
    /// <summary>One text.</summary>
    One,

    /// <summary>A list; separated by commas in a variable.</summary>
    List,

    /// <summary>Names with values; <c>name=value</c>, separated by commas, in a variable.</summary>
    Map,
}

/// <summary>One key of the configuration.</summary>
/// <param name="key">Its place in the file.</param>
/// <param name="read">Reads what was given, and adds what is wrong with it.</param>
internal sealed class Setting<T>(string key, Func<SettingValue, List<string>, T?> read) : Setting(key)
{
    public override object? ReadAny(SettingValue given, List<string> problems) => read(given, problems);
}
