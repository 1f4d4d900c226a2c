using System.Text.RegularExpressions;
using Osapi.Cli.Settings;

namespace Osapi.Cli.Tests.Settings;

/// <summary>Tests of the configuration file that is printed to start from, and installed by the package.</summary>
public sealed partial class ConfigurationSampleTests : IDisposable
{
    private static readonly string Sample = ConfigurationSample.Create(SettingTable.All);

    private readonly string file = Path.GetTempFileName();

    public static TheoryData<string> Keys => [.. SettingTable.All.Select(setting => setting.Key)];

    public void Dispose() => File.Delete(file);

    [Fact]
    public void As_it_is_it_sets_nothing_and_has_no_problem()
    {
        var read = Read(Sample);

        Assert.Empty(read.Problems);
        Assert.All(SettingTable.All, setting => Assert.Null(read.Given(setting)));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_setting_is_valid_once_its_comment_sign_is_removed(string key)
    {
        var setting = SettingTable.Find(key)!;
        var line = Assert.Single(Lines(), line => line.Key == key);

        var read = Read(string.Join('\n', Sample.Split('\n').Select((text, index) => index == line.Index ? Uncommented(text) : text)));

        Assert.Empty(read.Problems);
        Assert.Equal([setting], SettingTable.All.Where(other => read.Given(other) is not null));
    }

    [Fact]
    public void All_settings_together_are_one_file()
    {
        var read = Read(string.Join('\n', Sample.Split('\n').Select(Uncommented)));

        Assert.Empty(read.Problems);
        Assert.All(SettingTable.All, setting => Assert.NotNull(read.Given(setting)));
    }

    [Fact]
    public void Every_setting_has_its_meaning_above_it_in_lines_that_fit()
    {
        var lines = Sample.Split('\n');

        Assert.Equal(SettingTable.All.Select(setting => setting.Key).Order(StringComparer.Ordinal), Lines().Select(line => line.Key).Order(StringComparer.Ordinal));
        Assert.All(Lines(), line => Assert.StartsWith("# ", lines[line.Index - 1].TrimStart(), StringComparison.Ordinal));
        Assert.All(lines.Where(line => Prose().IsMatch(line)), line => Assert.InRange(line.Length, 1, 120));
    }

    // The settings with the keys of their sections, by indentation.
    private static IEnumerable<(int Index, string Key)> Lines()
    {
        List<string> sections = [];
        foreach (var (index, line) in Sample.Split('\n').Index())
            if (Name().Match(line) is { Success: true } match)
            {
                sections.RemoveRange(match.Groups["indent"].Length / 2, sections.Count - (match.Groups["indent"].Length / 2));
                sections.Add(match.Groups["name"].Value);
                if (match.Groups["sign"].Length > 0)
                    yield return (index, string.Join('.', sections));
            }
    }

    private static string Uncommented(string line) => Prose().IsMatch(line) ? line : line.Replace("#", "", StringComparison.Ordinal);

    private Configuration Read(string text)
    {
        File.WriteAllText(file, text);
        return Configuration.Read(new Dictionary<Setting, SettingValue>(), file, new Dictionary<string, string>());
    }

    [GeneratedRegex(@"\A *# ")]
    private static partial Regex Prose();

    [GeneratedRegex(@"\A(?<indent> *)(?<sign>#?)(?<name>[a-z_]+):")]
    private static partial Regex Name();
}
