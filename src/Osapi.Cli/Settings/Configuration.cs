namespace Osapi.Cli.Settings;

/// <summary>
/// What the system was told: options of the command line over environment variables over the file over defaults.
/// Everything that is wrong is in <see cref="Problems"/>, whether it counts in the end or not.
/// </summary>
internal sealed class Configuration
{
    private readonly Dictionary<Setting, SettingValue> given = [];
    private readonly Dictionary<Setting, object> values = [];
    private readonly List<string> problems = [];
    private readonly IReadOnlyList<string> unreadable;

    private Configuration(string? file, IReadOnlyList<string> unreadable)
    {
        File = file;
        this.unreadable = unreadable;
        problems.AddRange(unreadable);
    }

    /// <summary>The file that was read; null when there was none.</summary>
    public string? File { get; }

    public IReadOnlyList<string> Problems => problems;

    /// <summary>What is odd and does no harm.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Reads everything.</summary>
    /// <param name="options">What the command line gave, by setting; the text of a problem names the option.</param>
    /// <param name="path">The file; null for the one that is there, if one is.</param>
    /// <param name="environment">The environment variables.</param>
    public static Configuration Read(IReadOnlyDictionary<Setting, SettingValue> options, string? path, IReadOnlyDictionary<string, string> environment)
    {
        var (file, root, unreadable) = ConfigurationFile.Load(path);
        Configuration configuration = new(file, [.. unreadable.Select(problem => $"{file}:{problem}")]) { Warnings = SettingVariables.Warnings(environment) };
        // The weakest first, so that whatever comes later replaces it.
        configuration.Take(SettingFile.Read(file, root, configuration.problems));
        configuration.Take(SettingVariables.Read(environment));
        configuration.Take(options);
        return configuration;
    }

    /// <summary>The value; null when it was not given, or is wrong.</summary>
    public T? Get<T>(Setting<T> setting) => values.TryGetValue(setting, out var value) ? (T)value : default;

    /// <summary>What to call a setting in a problem: where it was given, else its key.</summary>
    public string Name(Setting setting) => given.TryGetValue(setting, out var known) ? known.Where : setting.Key;

    /// <summary>Where the value that counts comes from; null when it was not given.</summary>
    public SettingValue? Given(Setting setting) => given.GetValueOrDefault(setting);

    /// <summary>Adds a problem that only shows when settings are seen together.</summary>
    public void Add(Setting setting, string problem) => problems.Add($"{Name(setting)} {problem}");

    /// <exception cref="CommandException">The file is no YAML.</exception>
    public void CheckFile()
    {
        if (unreadable.Count > 0)
            throw CommandException.BadInput(unreadable);
    }

    /// <exception cref="CommandException">Something is wrong; it says everything that is.</exception>
    public void Check()
    {
        if (problems.Count > 0)
            throw CommandException.BadInput(problems);
    }

    private void Take(IEnumerable<KeyValuePair<Setting, SettingValue>> settings)
    {
        foreach (var (setting, texts) in settings)
        {
            given[setting] = texts;
            values.Remove(setting);
            if (setting.ReadAny(texts, problems) is { } value)
                values[setting] = value;
        }
    }
}
