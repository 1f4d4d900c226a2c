namespace Osapi.Cli.Settings;

/// <summary>Settings that name files, and those that are nothing without each other.</summary>
internal static class SettingPairs
{
    /// <summary>The path of a file that can be read; null when it was not given, or cannot be, which is a problem.</summary>
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

    /// <summary>Two files; one alone is a problem.</summary>
    public static (string? First, string? Second) Files(Configuration configuration, Setting<string> first, Setting<string> second)
    {
        Together(configuration, first, second);
        return (File(configuration, first), File(configuration, second));
    }

    /// <summary>A problem when one was given and the other was not.</summary>
    public static void Together(Configuration configuration, Setting first, Setting second)
    {
        if (configuration.Given(first) is not null && configuration.Given(second) is null)
            configuration.Add(first, $"is nothing without {second.Key}");
        if (configuration.Given(second) is not null && configuration.Given(first) is null)
            configuration.Add(second, $"is nothing without {first.Key}");
    }
}
