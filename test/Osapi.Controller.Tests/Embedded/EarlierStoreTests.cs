using System.Reflection;
using Osapi.Hosting;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Controller.Tests.Embedded;

/// <summary>Tests that a store written by version 0.1.0, with its log, read model, ledger and objects, is opened and read.</summary>
public sealed class EarlierStoreTests : NodeTest
{
    [Fact]
    public async Task Its_jobs_and_files_are_listed_and_new_jobs_run()
    {
        Copy(new(Path.Combine(ProjectDirectory, "Embedded", "StoreOf01")), new(directory));
        // The jobs of the store get older while it lies here.
        var options = Options with { StateDirectory = directory, Controller = new() { KeepJobs = TimeSpan.FromDays(3650) } };
        await using var node = await OsapiNode.StartAsync(options, Token);
        using var client = node.CreateClient();

        var jobs = await client.Job.ListAsync(cancellationToken: Token);
        Assert.Equal(
            [("command.exec.execute", JobStatus.Completed), ("command.shell.execute", JobStatus.Failed), ("node.hostname.get", JobStatus.Completed)],
            jobs.Items.Select(job => (job.Operation.Type, job.Status)));
        var shell = await client.Job.GetAsync(jobs.Items[1].Id, cancellationToken: Token);
        Assert.Equal((Outcome.Failed, "one\n", 3), (shell.Responses["web-01"].Outcome, shell.Result?.GetProperty("stdout").GetString(), shell.Result?.GetProperty("exit_code").GetInt32()));
        Assert.Equal("app.conf", Assert.Single((await client.File.ListAsync(cancellationToken: Token)).Files).Name);
        Assert.True((await client.Node.HostnameAsync("web-01", cancellationToken: Token)).AllSucceeded);
    }

    private static string ProjectDirectory { get; } =
        typeof(EarlierStoreTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ProjectDirectory").Value!;

    private static void Copy(DirectoryInfo from, DirectoryInfo to)
    {
        foreach (var file in from.GetFiles())
        {
            var copy = file.CopyTo(Path.Combine(to.FullName, file.Name));
            copy.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        foreach (var child in from.GetDirectories())
            Copy(child, Directory.CreateDirectory(Path.Combine(to.FullName, child.Name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }
}
