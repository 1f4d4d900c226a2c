using System.Diagnostics;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files;

/// <summary>Tests that root deploys safely into a directory in which a user exchanges names.</summary>
public sealed class ExchangeAttackTests : FileTest
{
    private const string Secret = "nobody but root may read this\n";
    private const uint Attacker = 1;
    private const int MinExchanges = 5000;

    private static readonly int Turns = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 3000 : 300;

    private readonly Dictionary<string, int> ends = [];
    private string home = "", outside = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await fixture.StoreAsync("a", "one\n");
        await fixture.StoreAsync("b", "two\n");
        home = Directory.CreateDirectory(fixture.PathOf("home")).FullName;
        outside = Directory.CreateDirectory(fixture.PathOf("outside")).FullName;
    }

    [Fact]
    public async Task Files_of_others_keep_owner_mode_and_content_and_no_backup_shows_them()
    {
        ExchangeAttack.Require();
        // One file without another name, one that root has another name of, and one that only a link leads to. Held
        // open: the attacker may move the first under the deployed name, where it is replaced; the file itself must not
        // change.
        List<FileStream> protectedFiles = [Victim("home/alone"), Victim("home/linked"), Victim("outside/secret")];
        Run("ln", fixture.PathOf("home/linked"), fixture.PathOf("outside/linked"));
        File.CreateSymbolicLink(fixture.PathOf("home/link"), fixture.PathOf("outside/secret"));
        Run("mkfifo", fixture.PathOf("home/pipe"));
        Directory.CreateDirectory(fixture.PathOf("home/directory"));
        fixture.Write("home/app.conf", "mine");
        fixture.Write("home/own", "one\n");
        foreach (var name in (string[])["", "/link", "/pipe", "/directory", "/app.conf", "/own"])
            Run("chown", "-h", "daemon:daemon", home + name);

        var turn = 0;
        using (var attack = ExchangeAttack.Start(home, "app.conf", "alone", "linked", "own", "link", "pipe", "directory"))
            for (; turn < Turns || attack.Exchanges < MinExchanges; turn++)
            {
                // Each content twice, so that every other deployment changes only the mode.
                var deployment = fixture.Request("home/app.conf", mode: turn % 2 == 0 ? "0640" : "0644") with
                {
                    ObjectName = turn / 2 % 2 == 0 ? "a" : "b",
                    Owner = "daemon",
                    Group = "daemon",
                    Backup = true,
                };
                Note(await fixture.RunAsync(FileOperations.Deploy, deployment));
                if (turn % 10 == 9)
                    Note(await fixture.RunAsync(FileOperations.Undeploy, new() { Path = fixture.PathOf("home/app.conf"), Force = true }));
                fixture.Time.Advance(TimeSpan.FromSeconds(1));
            }

        Report(turn);
        AssertUnharmed(protectedFiles);
        Assert.Equal(["Conflict", "ok"], ends.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Secret, File.ReadAllText(fixture.PathOf("outside/secret")));
        Assert.Equal(Secret, File.ReadAllText(fixture.PathOf("outside/linked")));
    }

    [Fact]
    public async Task A_directory_that_is_exchanged_for_a_link_leads_nowhere_else()
    {
        ExchangeAttack.Require();
        Directory.CreateDirectory(fixture.PathOf("home/conf"));
        Directory.CreateSymbolicLink(fixture.PathOf("home/evil"), outside);
        foreach (var name in (string[])["", "/conf", "/evil"])
            Run("chown", "-h", "daemon:daemon", home + name);

        var turn = 0;
        using (var attack = ExchangeAttack.Start(home, "conf", "evil"))
            for (; turn < Turns || attack.Exchanges < MinExchanges; turn++)
                Note(await fixture.RunAsync(FileOperations.Deploy, fixture.Request("home/conf/app.conf", mode: turn % 2 == 0 ? "0640" : "0644") with { ObjectName = "a", CreateParents = true }));

        Report(turn);
        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Assert.Equal(["Conflict", "ok"], ends.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_directory_that_is_exchanged_for_one_just_made_keeps_its_mode()
    {
        ExchangeAttack.Require();
        Directory.CreateDirectory(fixture.PathOf("home/closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Run("chown", "daemon:daemon", home);
        var closed = Stat(home, "closed")!.Value;

        var turn = 0;
        using (var attack = ExchangeAttack.StartOnNewDirectory(home, "new", "closed"))
            for (; turn < Turns / 2 || attack.Exchanges < Turns / 10; turn++)
                Note(await fixture.RunAsync(FileOperations.Deploy, fixture.Request("home/new/app.conf") with { ObjectName = "a", CreateParents = true }));

        Report(turn);
        var now = Directory.GetDirectories(home).Select(path => Stat(home, Path.GetFileName(path))!.Value).Single(stat => IsSame(stat, closed));
        Assert.Equal((0x1C0, 0u), (now.Mode, now.User));
    }

    private FileStream Victim(string name)
    {
        var path = fixture.Write(name, Secret);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return File.OpenRead(path);
    }

    private static FileStat? Stat(string directory, string name)
    {
        using var open = DirectoryCalls.OpenRoot(directory);
        return FileStatCalls.StatAt(open, name);
    }

    private static bool IsSame(FileStat a, FileStat b) => (a.Version.Device, a.Version.Inode) == (b.Version.Device, b.Version.Inode);

    // Every protected file, and every file that the attacker could read.
    private void AssertUnharmed(List<FileStream> protectedFiles)
    {
        foreach (var protectedFile in protectedFiles)
        {
            var stat = FileStatCalls.StatOf(protectedFile.SafeFileHandle);
            using StreamReader reader = new(protectedFile);
            Assert.Equal((0u, 0u, 0x180, Secret), (stat.User, stat.Group, stat.Mode, reader.ReadToEnd()));
        }

        foreach (var place in (string[])[home, outside])
            foreach (var name in Directory.GetFiles(place).Select(path => Path.GetFileName(path)))
            {
                if (Stat(place, name) is not { Kind: FileKind.Regular } stat)
                    continue;
                var content = File.ReadAllText(Path.Join(place, name));
                var isReadable = stat.User == Attacker || (stat.Group == Attacker && (stat.Mode & 0x20) != 0) || (stat.Mode & 0x4) != 0;
                Assert.False(isReadable && content.Contains(Secret, StringComparison.Ordinal), $"{name} shows the secret");
            }
    }

    // Evaluated at the end: damage is checked first.
    private void Note(HostReply entry)
    {
        var end = entry.Outcome == Outcome.Ok ? "ok" : entry.ErrorType == ErrorType.Conflict ? "Conflict" : $"{entry.ErrorType}: {entry.Error}";
        ends[end] = ends.GetValueOrDefault(end) + 1;
    }

    private void Report(int turns) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"{turns} deployments, {new ExchangeCount(home)} exchanges: {string.Join(", ", ends.Select(end => $"{end.Value} {end.Key}"))}");

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private readonly record struct ExchangeCount(string Home)
    {
        public override string ToString() => File.Exists(Path.Join(Home, "count")) ? File.ReadAllText(Path.Join(Home, "count")) : "fewer than 1000";
    }
}
