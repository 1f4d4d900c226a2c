namespace Osapi.Cli.Settings;

/// <summary>
/// The configuration: command-line options take precedence over environment variables, these over the file, and the file over
/// defaults. All problems are in <see cref="Problems"/>, even of values that are overridden.
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

    /// <summary>The path of the configuration file; null when there is none.</summary>
    public string? File { get; }

    public IReadOnlyList<string> Problems => problems;

    /// <summary>The warnings, which do not prevent a start.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Reads the configuration from all sources.</summary>
    /// <param name="options">The settings from the command line; problems name the option.</param>
    /// <param name="path">The path of the file; null for the default file, if it exists.</param>
    /// <param name="environment">The environment variables.</param>
    public static Configuration Read(IReadOnlyDictionary<Setting, SettingValue> options, string? path, IReadOnlyDictionary<string, string> environment)
    {
        var (file, root, unreadable) = ConfigurationFile.Load(path);
        Configuration configuration = new(file, [.. unreadable.Select(problem => $"{file}:{problem}")]) { Warnings = SettingVariables.Warnings(environment) };
        // The source with the lowest precedence first, so that later ones replace it.
        configuration.Take(SettingFile.Read(file, root, configuration.problems));
        configuration.Take(SettingVariables.Read(environment));
        configuration.Take(options);
        return configuration;
    }

    /// <summary>Gets the value of a setting; null when it is not given or invalid.</summary>
    public T? Get<T>(Setting<T> setting) => values.TryGetValue(setting, out var value) ? (T)value : default;

    /// <summary>Returns the name of a setting for a problem: the source of its value, or its key.</summary>
    public string Name(Setting setting) => given.TryGetValue(setting, out var known) ? known.Where : setting.Key;

    /// <summary>Gets the effective value with its source; null when it is not given.</summary>
    public SettingValue? Given(Setting setting) => given.GetValueOrDefault(setting);

    /// <summary>Adds a problem that involves several settings.</summary>
    public void Add(Setting setting, string problem) => problems.Add($"{Name(setting)} {problem}");

    /// <exception cref="CommandException">The file is not valid YAML.</exception>
    public void CheckFile()
    {
        if (unreadable.Count > 0)
            throw CommandException.BadInput(unreadable);
    }

    /// <exception cref="CommandException">The configuration has problems; the exception lists them all.</exception>
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
