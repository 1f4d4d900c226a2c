using System.Diagnostics;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files.Edits;

/// <summary>Tests of what an edit leaves as it is, and of the files that it refuses.</summary>
public sealed class EditedFileTests : EditTest
{
    private UpdateLine Request => new() { Path = File, Line = "a=1" };

    [Fact]
    public async Task Bytes_that_are_no_text_in_utf8_survive()
    {
        System.IO.File.WriteAllBytes(File, [0xFF, 0xE9, (byte)'\n', (byte)'x', (byte)'\r', (byte)'\n']);

        await fixture.ResultAsync(FileOperations.UpdateLine, Request with { Line = "é" });

        Assert.Equal([0xFF, 0xE9, (byte)'\n', (byte)'x', (byte)'\r', (byte)'\n', 0xE9, (byte)'\n'], System.IO.File.ReadAllBytes(File));
        Assert.Contains("Latin-1", await FailsAsync(FileOperations.UpdateLine, Request with { Line = "→" }, ErrorType.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mode_owner_access_control_list_and_attributes_are_kept()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("NOT TESTED: owners of files, because that needs root.");
        fixture.Write("app.conf", "x\n");
        Run("chown", "daemon:bin", File);
        Run("chmod", "4750", File);
        Run("setfacl", "-m", "u:nobody:r", File);
        var list = Run("getfacl", "-p", "-n", File);

        await fixture.ResultAsync(FileOperations.UpdateLine, Request);

        Assert.Equal(list, Run("getfacl", "-p", "-n", File));
        Assert.Equal("x\na=1\n", fixture.Read("app.conf"));
    }

    [Fact]
    public async Task A_link_stays_and_the_file_behind_it_is_edited()
    {
        fixture.Write("real.conf", "x\n");
        System.IO.File.CreateSymbolicLink(File, "real.conf");

        await fixture.ResultAsync(FileOperations.UpdateLine, Request);

        Assert.Equal("real.conf", new FileInfo(File).LinkTarget);
        Assert.Equal("x\na=1\n", fixture.Read("real.conf"));
    }

    [Fact]
    public async Task A_backup_has_the_previous_content()
    {
        fixture.Write("app.conf", "x\n");

        var result = await fixture.ResultAsync(FileOperations.UpdateLine, Request with { Backup = true });

        Assert.Equal("x\n", System.IO.File.ReadAllText(result.Backup!));
        Assert.Equal(2, Directory.GetFiles(fixture.Tree).Length);
    }

    [Fact]
    public async Task What_is_no_text_file_is_a_conflict()
    {
        System.IO.File.WriteAllBytes(File, [1, 0, 2]);
        Assert.Contains("NUL", await FailsAsync(FileOperations.UpdateLine, Request, ErrorType.Conflict), StringComparison.Ordinal);

        System.IO.File.Delete(File);
        Directory.CreateDirectory(File);
        Assert.Contains("is a directory", await FailsAsync(FileOperations.UpdateLine, Request, ErrorType.Conflict), StringComparison.Ordinal);

        Directory.Delete(File);
        Run("mkfifo", File);
        // Without a snapshot, which would wait for the other end.
        Assert.Contains("is a named pipe", (await fixture.RunAsync(FileOperations.UpdateLine, Request)).Error, StringComparison.Ordinal);

        System.IO.File.Delete(File);
        using (var large = System.IO.File.Create(File))
            large.SetLength((16 << 20) + 1);
        Assert.Contains("larger than 16 MiB", await FailsAsync(FileOperations.UpdateLine, Request, ErrorType.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_difference_of_a_file_that_is_not_readable_for_all_shows_no_content()
    {
        fixture.Write("app.conf", "secret\n");
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var check = (await fixture.RunAsync(FileOperations.UpdateLine, Request, check: true)).Check!;
        var withContent = (await fixture.RunWithContentAsync(FileOperations.UpdateLine, Request)).Check!;

        Assert.DoesNotContain("secret", check.Diff, StringComparison.Ordinal);
        Assert.Null(check.ContentDiff);
        Assert.Contains("+a=1", withContent.ContentDiff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edits_of_one_file_at_the_same_time_lose_nothing()
    {
        fixture.Write("app.conf", "");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => fixture.ResultAsync(FileOperations.UpdateLine, Request with { Line = $"line {number}" })));

        Assert.Equal(20, fixture.Read("app.conf").Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Count());
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
