using Osapi.Client;
using Osapi.Operations.Files;
using Osapi.Operations.Jobs;
using Osapi.Operations.Node;

namespace Osapi.Orchestrator.Tests.Operations;

public sealed class CheckTests
{
    private readonly ScriptedInvoker invoker = new();

    [Theory]
    [InlineData("true", Status.Changed)]
    [InlineData("false", Status.Unchanged)]
    [InlineData("null", Status.Changed)]
    public async Task A_check_tells_what_would_change_and_what_nobody_knows_counts_as_changed(string changed, Status expected)
    {
        invoker.Answer($$$"""{"job_id":"j1","results":[{"hostname":"web-01","outcome":"ok","changed":false,"check":{"changed":{{{changed}}},"diff":"-a\n+b\n"}}]}""");
        Plan plan = new(null, new() { Invoker = new CheckingInvoker(invoker) });
        plan.Task("hostname", NodeOperations.Hostname, "_all");

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([expected], report.Statuses());
        Assert.Equal("-a\n+b\n", Assert.Single(report.Tasks[0].HostResults).Check!.Diff);
    }

    [Theory]
    [InlineData("""{"name":"a","sha256":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","size":1,"content_type":"raw"}""", false, Status.Unchanged)]
    [InlineData("""{"name":"a","sha256":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","size":1,"content_type":"template"}""", true, Status.Changed)]
    [InlineData("""{"name":"a","sha256":"0000","size":1,"content_type":"raw"}""", true, Status.Changed)]
    [InlineData("""{"name":"a","sha256":"0000","size":1,"content_type":"raw"}""", false, Status.Failed)]
    [InlineData(null, false, Status.Changed)]
    public async Task What_would_be_stored_is_compared_with_what_is_and_stays_here(string? stored, bool force, Status expected)
    {
        if (stored is null)
            invoker.Throw(new NotFoundException("file not found: a"));
        else
            invoker.Answer(stored);
        Plan plan = new(null, new() { Invoker = new CheckingInvoker(invoker) });
        plan.Task("upload", FileOperations.Upload, new UploadFile { Name = "a", Path = LocalFile.Of(new MemoryStream("x"u8.ToArray())), Force = force });

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([expected], report.Statuses());
        Assert.Equal(["file.get"], invoker.Calls);
    }

    [Fact]
    public async Task What_would_act_on_the_controller_is_not_called_in_a_check()
    {
        Plan plan = new(null, new() { Invoker = new CheckingInvoker(invoker) });
        plan.Task("cancel", JobOperations.Cancel, new CancelJob { Id = "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10" });

        var report = await plan.RunAsync(Plans.Token);

        Assert.Equal([Status.Changed], report.Statuses());
        Assert.Empty(invoker.Calls);
    }
}
