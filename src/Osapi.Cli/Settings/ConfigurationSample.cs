using System.Text;
using System.Text.RegularExpressions;

namespace Osapi.Cli.Settings;

/// <summary>A configuration file in which every setting is a comment, with its meaning, its valid values and its default.</summary>
internal static partial class ConfigurationSample
{
    private const int Width = 110;

    private const string Head = """
        The configuration of OSAPI: controllers, agents and commands on this machine read their own settings from it.
        To set one, remove the # before it. Options of the command line and OSAPI_ variables override this file.
        osapi config check reports every mistake, without a start; services read the file when they start.
        """;

    /// <summary>Returns the text of the file.</summary>
    public static string Create(IReadOnlyList<Setting> settings)
    {
        StringBuilder text = new();
        foreach (var line in Head.Split('\n'))
            text.Append($"# {line}\n");
        AppendSection(text, settings, "", "");
        return text.ToString();
    }

    /// <summary>Returns a valid value of a setting, as it is written in the file: its sample, or else its default.</summary>
    public static string ValueOf(Setting setting)
    {
        if (setting.Sample is { } sample)
            return sample;
        if (WholeCode.Match(setting.Default) is not { Success: true } match)
            throw new InvalidOperationException($"the setting {setting.Key} needs a sample, because its default is not a value");
        var value = match.Groups[1].Value;
        var scalar = PlainScalar.IsMatch(value) ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
        return setting.Shape == SettingShape.List ? $"[{scalar}]" : scalar;
    }

    // A section whose settings are all comments has no value, which is valid: removing one # is enough.
    private static void AppendSection(StringBuilder text, IReadOnlyList<Setting> settings, string section, string indent)
    {
        foreach (var setting in settings.Where(setting => setting.Section == section))
        {
            var name = setting.Key[(section.Length == 0 ? 0 : section.Length + 1)..];
            text.Append('\n');
            foreach (var line in Wrap($"{setting.Summary}. Can be: {setting.Range}. Default: {setting.Default}.", Width - indent.Length))
                text.Append($"{indent}# {line}\n");
            text.Append($"{indent}#{name}: {ValueOf(setting)}\n");
        }

        var prefix = section.Length == 0 ? "" : section + ".";
        foreach (var below in settings.Select(setting => setting.Section).Where(other => other.Length > prefix.Length && other.StartsWith(prefix, StringComparison.Ordinal))
            .Select(other => other[prefix.Length..].Split('.')[0]).Distinct())
        {
            text.Append($"\n{indent}{below}:\n");
            AppendSection(text, settings, prefix + below, indent + "  ");
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        StringBuilder line = new();
        foreach (var word in text.Replace("`", "", StringComparison.Ordinal).Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }

    [GeneratedRegex("\\A`([^`]+)`\\z")]
    private static partial Regex WholeCode { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9_./$]([A-Za-z0-9_./$:-]*[A-Za-z0-9_./$-])?\z")]
    private static partial Regex PlainScalar { get; }
}
