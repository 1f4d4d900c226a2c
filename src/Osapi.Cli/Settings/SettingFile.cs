using Osapi.Operations;
using Osapi.Plans.Yaml;

namespace Osapi.Cli.Settings;

/// <summary>Reads the settings from a file. A key that is unknown or of the wrong kind is a problem.</summary>
internal sealed class SettingFile(string path, List<string> problems)
{
    private readonly Dictionary<Setting, SettingValue> found = [];

    public static IReadOnlyDictionary<Setting, SettingValue> Read(string? path, YamlNode? root, List<string> problems)
    {
        SettingFile file = new(path ?? "", problems);
        if (root is not (null or YamlScalar { IsNull: true }))
            file.ReadSection("", root);
        return file.found;
    }

    private void ReadSection(string section, YamlNode node)
    {
        if (node is YamlScalar { IsNull: true })
            return;
        if (node is not YamlMapping mapping)
        {
            problems.Add($"{At(node, section)} must be a mapping of {string.Join(", ", SettingTable.Below(section))}");
            return;
        }

        var known = SettingTable.Below(section);
        foreach (var (name, value) in mapping.Members)
        {
            var key = section.Length == 0 ? name.Text : $"{section}.{name.Text}";
            if (!known.Contains(name.Text))
                problems.Add($"{At(name, "")} '{name.Excerpt}' is unknown{Hint(section, name.Text, known)} (known{(section.Length == 0 ? "" : $" in {section}")}: {string.Join(", ", known)})");
            else if (SettingTable.Find(key) is { } setting)
                ReadSetting(setting, value);
            else
                ReadSection(key, value);
        }
    }

    private void ReadSetting(Setting setting, YamlNode node)
    {
        if (node is YamlScalar { IsNull: true })
            return;
        var items = (setting.Shape, node) switch
        {
            (SettingShape.Map, YamlMapping map) => map.Members.Select(member => member.Value is YamlScalar { IsNull: false } value ? Given(member.Key, $"{member.Key.Text}={value.Text}", setting) : WrongShape(member.Value, setting)),
            (SettingShape.List, YamlList list) => list.Items.Select(item => Item(item, setting)),
            (not SettingShape.Map, YamlScalar) => [Item(node, setting)],
            _ => [WrongShape(node, setting)],
        };
        var texts = items.ToList();
        if (!texts.Contains(null))
            found[setting] = new(At(node, setting.Key), [.. texts.Select(text => text!.Value)]);
    }

    private SettingText? Item(YamlNode node, Setting setting) => node is YamlScalar { IsNull: false, Text: { Length: > 0 } text } ? Given(node, text, setting) : WrongShape(node, setting);

    private SettingText? Given(YamlNode node, string text, Setting setting) => new SettingText(text, At(node, setting.Key));

    private SettingText? WrongShape(YamlNode node, Setting setting)
    {
        problems.Add($"{At(node, setting.Key)} must be {setting.Shape switch
        {
            SettingShape.Map => "a mapping of names to texts",
            SettingShape.List => "a text or a list of texts",
            _ => "a text",
        }}");
        return null;
    }

    private string At(YamlNode node, string key) => $"{path}:{node.Start.Line}:{node.Start.Column}: {key}".TrimEnd();

    // A name that exists in another section is a more likely mistake than a misspelled one.
    private static string Hint(string section, string name, IReadOnlyList<string> known) =>
        Suggestions.Hint(name, known) is { Length: > 0 } near ? near
        : SettingTable.All.FirstOrDefault(setting => setting.Key.EndsWith("." + name, StringComparison.Ordinal) && setting.Section != section) is { } elsewhere ? $"; did you mean '{elsewhere.Key}'?"
        : "";
}
