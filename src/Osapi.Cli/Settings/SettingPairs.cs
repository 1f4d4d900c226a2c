namespace Osapi.Cli.Settings;

/// <summary>Reads settings that name files, and settings that require each other.</summary>
internal static class SettingPairs
{
    /// <summary>Returns the path of a readable file; null when it is not given, or cannot be read, which is a problem.</summary>
    public static string? File(Configuration configuration, Setting<string> setting)
    {
        if (configuration.Get(setting) is not { } path)
            return null;
        try
        {
            using (System.IO.File.OpenRead(path))
                return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            configuration.Add(setting, $"{path} cannot be read: {exception.Message}");
            return null;
        }
    }

    /// <summary>Returns the path of a readable file with a secret; one that every user can read is a problem.</summary>
    public static string? PrivateFile(Configuration configuration, Setting<string> setting)
    {
        const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        if (File(configuration, setting) is not { } path)
            return null;
        if ((System.IO.File.GetUnixFileMode(path) & Others) == 0)
            return path;
        configuration.Add(setting, $"{path} can be read or changed by other users; run: chmod 600 {path}");
        return null;
    }

    /// <summary>Returns the paths of two files that require each other, the second one with a secret; one alone is a problem.</summary>
    public static (string? First, string? Second) Files(Configuration configuration, Setting<string> first, Setting<string> second)
    {
        RequireBoth(configuration, first, second);
        return (File(configuration, first), PrivateFile(configuration, second));
    }

    /// <summary>Adds a problem when only one of two settings is given.</summary>
    public static void RequireBoth(Configuration configuration, Setting first, Setting second)
    {
        if (configuration.Given(first) is not null && configuration.Given(second) is null)
            configuration.Add(first, $"requires {second.Key}");
        if (configuration.Given(second) is not null && configuration.Given(first) is null)
            configuration.Add(second, $"requires {first.Key}");
    }
}
