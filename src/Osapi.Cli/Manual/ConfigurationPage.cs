using Osapi.Cli.Settings;

namespace Osapi.Cli.Manual;

/// <summary>The manual page <c>osapi.yaml(5)</c>, from the declarations of the settings.</summary>
internal static class ConfigurationPage
{
    public static RoffPage Create(IReadOnlyList<Setting> settings)
    {
        RoffPage page = new("osapi.yaml", 5, "configuration of OSAPI");
        page.Section("DESCRIPTION");
        page.Paragraph($"{ConfigurationFile.DefaultPath} is a YAML file that controllers, agents and commands of a machine read. Each reads its own settings, and all are checked. "
            + "An option of a command overrides a variable of the environment, a variable the file, and the file the default. The dots in a key stand for sections of the file.");
        page.Paragraph("osapi config check reports all mistakes. osapi config sample prints a file in which every setting is a comment.");
        page.Section("SETTINGS");
        foreach (var setting in settings)
            page.Term(setting.Key, $"{Words(setting.Summary)}. Can be: {Words(setting.Range)}. Default: {Words(setting.Default)}. Variable: {setting.Variable}.");
        page.Section("SEE ALSO");
        page.Paragraph("osapi(1), osapi-config(1)");
        return page;
    }

    private static string Words(string text) => text.Replace("`", "", StringComparison.Ordinal);
}
