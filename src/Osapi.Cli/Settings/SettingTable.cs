namespace Osapi.Cli.Settings;

/// <summary>All settings.</summary>
internal static class SettingTable
{
    public static IReadOnlyList<Setting> All { get; } = [.. GeneralSettings.All, .. ControllerSettings.All, .. AgentSettings.All, .. RestrictionSettings.All, .. NatsSettings.All, .. TrustSettings.All, .. ClientSettings.All];

    /// <summary>Finds the setting with a key; null when there is none.</summary>
    public static Setting? Find(string key) => All.FirstOrDefault(setting => setting.Key == key);

    /// <summary>Returns the names that are valid in a section of the file: <c>tls</c>, <c>listen</c>.</summary>
    public static IReadOnlyList<string> Below(string section)
    {
        var prefix = section.Length == 0 ? "" : section + ".";
        return [.. All.Where(setting => setting.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(setting => setting.Key[prefix.Length..].Split('.')[0]).Distinct()];
    }
}
