using System.Text;
using Osapi.Controller.Tests.Embedded;
using Osapi.Hosting;

namespace Osapi.Controller.Tests.Audit;

/// <summary>Tests that a deleted job leaves its audit and nothing else.</summary>
public sealed class DeletedJobTests : NodeTest
{
    [Fact]
    public async Task No_file_of_the_system_has_the_request_or_the_output_of_a_deleted_job()
    {
        const string Canary = "c4n4ry-of-a-deleted-job";
        await using (var system = await OsapiNode.StartAsync(Options, Token))
        {
            using var client = system.CreateClient();
            var reply = await client.Command.ExecAsync("web-01", new() { Command = "echo", Args = [Canary, new string('x', 100_000)] }, cancellationToken: Token);
            Assert.Contains(Files(), file => Read(file).Contains(Canary, StringComparison.Ordinal));

            await client.Job.DeleteAsync(reply.JobId, cancellationToken: Token);
            // Of the controller at once; of the store within seconds, of the ledger within a minute.
            Assert.DoesNotContain(Files(), file => Path.GetFileName(file).StartsWith("jobs.db", StringComparison.Ordinal) && Read(file).Contains(Canary, StringComparison.Ordinal));
            using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
            timeout.CancelAfter(TimeSpan.FromMinutes(3));
            while (Files().FirstOrDefault(file => Read(file).Contains(Canary, StringComparison.Ordinal)) is { } left)
            {
                Assert.False(timeout.IsCancellationRequested, $"{left} has it");
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token);
            }

            Assert.NotEmpty((await client.Audit.ListAsync(new() { Job = reply.JobId }, cancellationToken: Token)).Items);
        }

        Assert.DoesNotContain(Files(), file => Read(file).Contains(Canary, StringComparison.Ordinal));
    }

    // Files of locks are empty, and cannot be read while they are held.
    private IEnumerable<string> Files() => Directory.EnumerateFiles(State, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".sock", StringComparison.Ordinal) && Path.GetFileName(file) != "lock");

    private static string Read(string file)
    {
        try
        {
            using StreamReader reader = new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.Latin1);
            return reader.ReadToEnd();
        }
        catch (FileNotFoundException)
        {
            return "";
        }
    }
}
