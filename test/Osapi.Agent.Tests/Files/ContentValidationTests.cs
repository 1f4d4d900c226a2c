using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files;

/// <summary>Tests of content that a validator must accept: a program of the host, or the agent itself.</summary>
public sealed class ContentValidationTests : FileTest
{
    private const string Rules = "table inet osapi_test {\n  chain input {\n    type filter hook input priority 0\n  }\n}\n";

    private DeployFile Request(string content, FileValidation validation) => new() { Content = content, Path = fixture.PathOf("app.conf"), ContentType = FileContentType.Raw, Validate = validation };

    [Theory]
    [InlineData("{\"port\": 80,\n \"x\": }", "line 2, byte 7")]
    [InlineData("", "line 1, byte 1")]
    [InlineData("{} {}", "line 1, byte 4")]
    public async Task Content_that_is_not_json_is_refused_with_its_place_also_by_a_check(string content, string place)
    {
        fixture.Write("app.conf", "{}");
        var snapshot = fixture.Snapshot();

        foreach (var isCheck in (bool[])[true, false])
        {
            var entry = await fixture.RunAsync(FileOperations.Deploy, Request(content, FileValidation.Json), isCheck);
            Assert.Equal((ErrorType.Conflict, $"{fixture.PathOf("app.conf")} is not written: its new content is not JSON at {place}"), (entry.ErrorType, entry.Error));
        }

        Assert.Equal(snapshot, fixture.Snapshot());
    }

    [Fact]
    public async Task Valid_json_is_deployed() => Assert.True((await fixture.DeployAsync(Request("{\"a\": [1, null]}\n", FileValidation.Json))).Changed);

    [Fact]
    public async Task Json_nested_as_deep_as_a_stack_is_refused_and_the_agent_lives() =>
        await fixture.FailAsync(Request(new string('[', 500_000), FileValidation.Json), ErrorType.Conflict);

    [Fact]
    public async Task A_program_validates_the_file_before_it_replaces_the_old_one()
    {
        NeedNft();
        Assert.True((await fixture.DeployAsync(Request(Rules, FileValidation.Nft))).Changed);

        var entry = await fixture.FailAsync(Request("table inet osapi_test {\n  chian x\n}\n", FileValidation.Nft), ErrorType.Conflict);

        Assert.StartsWith($"{fixture.PathOf("app.conf")} is not written: nft refuses its new content: {fixture.PathOf("app.conf")}:2:3", entry.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("/proc/", entry.Error, StringComparison.Ordinal);
        Assert.Equal(Rules, fixture.Read("app.conf"));
        Assert.Single(Directory.GetFileSystemEntries(fixture.Tree));
        Assert.False((await fixture.DeployAsync(Request(Rules, FileValidation.Nft))).Changed);
    }

    [Fact]
    public async Task An_edit_is_validated_too()
    {
        NeedNft();
        fixture.Write("app.conf", Rules);
        ReplaceText request = new() { Path = fixture.PathOf("app.conf"), Match = "priority 0", With = "prioritty 0", Validate = FileValidation.Nft };

        Assert.Contains("nft refuses its new content", (await fixture.RunAsync(FileOperations.Replace, request)).Error, StringComparison.Ordinal);
        Assert.Equal(Rules, fixture.Read("app.conf"));
        Assert.True((await fixture.ResultAsync(FileOperations.Replace, request with { With = "priority 1" })).Changed);
    }

    [Fact]
    public async Task Output_that_could_repeat_a_secret_is_not_shown()
    {
        NeedNft();
        var request = Request("{{ vars.password }}\n", FileValidation.Nft) with { ContentType = FileContentType.Template, SecretVars = new() { ["password"] = "hunter2" } };

        var entry = await fixture.FailAsync(request, ErrorType.Conflict);

        Assert.Contains("its output is not shown", entry.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", entry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Private_content_of_a_stored_file_is_not_shown()
    {
        NeedNft();
        await fixture.StoreAsync("app.conf", "s3cret rules\n");

        var entry = await fixture.FailAsync(fixture.Request(mode: "0600") with { Validate = FileValidation.Nft }, ErrorType.Conflict);

        Assert.DoesNotContain("s3cret", entry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_users_can_change_is_not_validated_in()
    {
        File.SetUnixFileMode(fixture.Tree, (UnixFileMode)0x1FF);

        Assert.Contains("other users can change its directory", (await fixture.FailAsync(Request(Rules, FileValidation.Nft), ErrorType.Conflict)).Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(fixture.Tree));
    }

    [Fact]
    public async Task A_program_that_is_missing_is_named_with_its_package()
    {
        if (File.Exists("/usr/sbin/haproxy"))
            Assert.Skip("NOT TESTED: a missing program, because haproxy is installed here.");

        var entry = await fixture.FailAsync(Request("x", FileValidation.Haproxy), ErrorType.Unavailable);

        Assert.Equal("there is no haproxy on this host, which validate needs: install the package haproxy", entry.Error);
        Assert.False(File.Exists(fixture.PathOf("app.conf")));
        // An earlier task of a plan may install it.
        Assert.True((await fixture.CheckAsync(Request("x", FileValidation.Haproxy))).Changed);
    }

    [Fact]
    public async Task A_limited_agent_runs_only_validators_that_its_list_of_commands_has()
    {
        NeedNft();
        fixture.Restrictions = new() { Allow = new() { Paths = [fixture.Tree] } };
        foreach (var isCheck in (bool[])[true, false])
            Assert.Equal(ErrorType.Denied, (await fixture.RunAsync(FileOperations.Deploy, Request(Rules, FileValidation.Nft), isCheck)).ErrorType);

        fixture.Restrictions = new() { Allow = new() { Paths = [fixture.Tree], Commands = ["/usr/sbin/nft"] } };
        Assert.True((await fixture.DeployAsync(Request(Rules, FileValidation.Nft))).Changed);
    }

    private static void NeedNft()
    {
        if (!File.Exists("/usr/sbin/nft") || !Environment.IsPrivilegedProcess)
            Assert.Skip("NOT TESTED: validation by a program, because that needs root and the package nftables.");
    }
}
