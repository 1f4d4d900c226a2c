using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Tests.Sysctl;

/// <summary>Tests of the files that set kernel settings at boot.</summary>
public sealed class SysctlFileTests : IDisposable
{
    private const string Forward = "proc/sys/net/ipv4/ip_forward";

    private readonly PreparedTree tree = new PreparedTree().With(Forward, "0\n");

    private static UpdateSysctl Request => new() { Key = "net.ipv4.ip_forward", Value = "1" };

    public static TheoryData<string, string> Later => new()
    {
        { "etc/sysctl.d/99-other.conf", "net.ipv4.ip_forward=0" },
        { "run/sysctl.d/91-other.conf", "net/ipv4/ip_forward = 0" },
        { "usr/local/lib/sysctl.d/99-other.conf", "-net.ipv4.ip_forward = 0" },
        { "usr/lib/sysctl.d/99-other.conf", "net.ipv4.ip_forward = 1\n net.ipv4.ip_forward = 0 " },
        { "lib/sysctl.d/zz.conf", "net.ipv4.ip_forward = 0" },
        { "etc/sysctl.conf", "; text\nnet.ipv4.ip_forward = 0" },
    };

    public static TheoryData<string, string> Harmless => new()
    {
        { "etc/sysctl.d/10-other.conf", "net.ipv4.ip_forward = 0" },
        { "usr/lib/sysctl.d/99-other.conf", "net.ipv4.ip_forward = 1" },
        { "usr/lib/sysctl.d/99-other.conf", "net.ipv4.ip_forward = 0\nnet.ipv4.ip_forward = 1" },
        { "usr/lib/sysctl.d/99-other.conf", "#net.ipv4.ip_forward = 0" },
        // A name without wildcards goes before one with them, in whatever file it is.
        { "usr/lib/sysctl.d/99-other.conf", "net.ipv4.* = 0" },
        { "usr/lib/sysctl.d/99-other.txt", "net.ipv4.ip_forward = 0" },
        { "usr/lib/sysctl.d/90-osapi-net.ipv4.ip_forward.conf", "net.ipv4.ip_forward = 0" },
    };

    [Theory, MemberData(nameof(Later))]
    public async Task A_later_file_with_another_value_is_a_conflict_that_force_accepts_and_the_result_names(string path, string text)
    {
        tree.With(path, text + "\n");

        await tree.RefusedAsync(SysctlOperations.Update, Request, ErrorType.Conflict, $"/{path} sets net.ipv4.ip_forward to another value at boot");
        var (now, _) = await tree.StepAsync(SysctlOperations.Update, Request with { Persistent = false }, changes: true);
        Assert.Equal(($"/{path}", "0"), (now.Path, now.Persisted));
        var (result, _) = await tree.StepAsync(SysctlOperations.Update, Request with { Force = true }, changes: true);
        Assert.Equal(($"/{path}", "1"), (result.OverriddenBy, result.Persisted));
    }

    [Theory, MemberData(nameof(Harmless))]
    public async Task An_earlier_file_or_one_that_has_no_effect_does_not_matter(string path, string text)
    {
        tree.With(path, text + "\n");

        var (result, _) = await tree.StepAsync(SysctlOperations.Update, Request, changes: true);

        Assert.Null(result.OverriddenBy);
    }

    [Fact]
    public async Task A_file_of_an_earlier_directory_masks_those_of_its_name()
    {
        tree.With("usr/lib/sysctl.d/99-other.conf", "net.ipv4.ip_forward = 0\n").With("run/sysctl.d/99-other.conf", "# nothing\n");
        tree.With("lib/sysctl.d/98-other.conf", "net.ipv4.ip_forward = 0\n").Linked("etc/sysctl.d/98-other.conf", "/dev/null");

        await tree.StepAsync(SysctlOperations.Update, Request, changes: true);
    }

    [Fact]
    public async Task A_file_of_another_program_is_replaced_by_force_only_and_never_removed()
    {
        tree.With(SysctlFixture.Own("net.ipv4.ip_forward"), "# mine\nnet.ipv4.ip_forward = 1\n");

        await tree.RefusedAsync(SysctlOperations.Update, Request, ErrorType.Conflict, "is not replaced without force");
        await tree.RefusedAsync(SysctlOperations.Delete, new() { Key = Request.Key }, ErrorType.Conflict, "is not removed");
        await tree.StepAsync(SysctlOperations.Update, Request with { Force = true }, changes: true);
        await tree.StepAsync(SysctlOperations.Delete, new() { Key = Request.Key }, changes: true);
    }

    [Fact]
    public async Task Deleting_removes_the_file_and_sets_a_value_only_when_one_is_given()
    {
        tree.With("usr/lib/sysctl.d/50-default.conf", "net.ipv4.* = 2\n");
        await tree.StepAsync(SysctlOperations.Update, Request, changes: true);

        var (result, check) = await tree.StepAsync(SysctlOperations.Delete, new() { Key = Request.Key }, changes: true);
        await tree.StepAsync(SysctlOperations.Delete, new() { Key = Request.Key }, changes: false);
        Assert.Equal(("1", false, "2", "/usr/lib/sysctl.d/50-default.conf"), (result.Value, result.Managed, result.Persisted, result.Path));
        Assert.Equal(("""{"persisted":"1"}""", """{"persisted":null}"""), (check.Before!.Value.GetRawText(), check.After!.Value.GetRawText()));
        Assert.False(File.Exists(tree.Full(SysctlFixture.Own("net.ipv4.ip_forward"))));

        var (restored, _) = await tree.StepAsync(SysctlOperations.Delete, new() { Key = Request.Key, Restore = "0" }, changes: true);
        await tree.StepAsync(SysctlOperations.Delete, new() { Key = Request.Key, Restore = "0" }, changes: false);
        Assert.Equal(("0", "1"), (restored.Value, restored.Previous));
        await tree.StepAsync(SysctlOperations.Delete, new() { Key = "net.none" }, changes: false);
        await tree.RefusedAsync(SysctlOperations.Delete, new() { Key = "net.none", Restore = "0" }, ErrorType.NotFound, "has no setting net.none");
    }

    [Fact]
    public async Task A_link_in_the_place_of_a_file_or_of_a_setting_is_not_followed()
    {
        tree.With("secret", "untouched\n").With("outside/ip_forward", "untouched\n").Linked(SysctlFixture.Own("net.ipv4.ip_forward"), "/secret");
        tree.Linked("proc/sys/net/ipv4/linked", "/secret").Linked("proc/sys/net/linked", "/outside");

        await tree.RefusedAsync(SysctlOperations.Update, Request with { Force = true }, ErrorType.Conflict, "is a symbolic link, and is not replaced");
        await tree.RefusedAsync(SysctlOperations.Delete, new() { Key = Request.Key }, ErrorType.Conflict, "is a symbolic link, and is not replaced");
        await tree.RefusedAsync(SysctlOperations.Update, new() { Key = "net.ipv4.linked", Value = "1" }, ErrorType.NotFound, "has no setting net.ipv4.linked");
        await tree.RefusedAsync(SysctlOperations.Update, new() { Key = "net.linked.ip_forward", Value = "1" }, ErrorType.NotFound, "has no setting net.linked.ip_forward");
        Assert.DoesNotContain((await tree.ResultAsync(SysctlOperations.List, new())).Settings, setting => setting.Key.Contains("linked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_made_and_one_behind_a_dangling_link_is_not()
    {
        tree.Linked("etc/sysctl.d", "/nowhere");

        await tree.RefusedAsync(SysctlOperations.Update, Request, ErrorType.Conflict, "is a dangling symbolic link");
        File.Delete(tree.Full("etc/sysctl.d"));
        await tree.StepAsync(SysctlOperations.Update, Request, changes: true);
    }

    public void Dispose() => tree.Dispose();
}
