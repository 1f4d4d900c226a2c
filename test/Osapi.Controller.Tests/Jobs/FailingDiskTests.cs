using System.Net;
using Microsoft.Data.Sqlite;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>
/// Tests of a controller whose read model cannot be written: it reports that, answers from what it knows, and continues
/// when it can.
/// </summary>
public sealed class FailingDiskTests : ControllerTest
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task On_a_full_disk_it_answers_from_what_it_knows_accepts_nothing_and_resumes_with_free_space()
    {
        await using var disk = await SmallDisk.MountAsync($"{fixture.Directory}-2", size: "48m");
        var agent = (await fixture.AgentAsync("web-01")).AnswersOk();
        var second = await fixture.AddControllerAsync();
        await second.WaitForAgentAsync("web-01");
        var known = (await second.GetAsync("/node/web-01/hostname")).Assert2xx().JobId;

        disk.Fill();
        List<string> elsewhere = [];
        for (var i = 0; i < 20; i++)
            elsewhere.Add((await fixture.GetAsync("/node/web-01/hostname")).Assert2xx().JobId);
        await fixture.WaitForLogLineAsync("No job is accepted until");

        foreach (var answer in new[] { await second.GetAsync("/node/web-01/hostname"), await second.GetAsync("/health/ready") })
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.Contains("full", answer.Body, StringComparison.Ordinal);
        }

        Assert.Equal(known, (await second.GetAsync($"/job/{known}")).Assert2xx().Json.GetProperty("id").GetString());
        (await second.GetAsync("/job")).Assert2xx();
        (await second.GetAsync("/agent")).Assert2xx();
        (await second.GetAsync("/health")).Assert2xx();
        Assert.Single(fixture.Logs.Lines, line => line.Contains("No job is accepted until", StringComparison.Ordinal));

        disk.MakeRoom();
        await fixture.AdvanceUntilAsync(ReadyAsync(second, fixture), Second);

        foreach (var id in elsewhere)
            (await second.GetAsync($"/job/{id}")).Assert2xx();
        (await second.GetAsync("/node/web-01/hostname")).Assert2xx();
        agent.Dispose();
    }

    [Fact]
    public async Task A_start_on_a_full_disk_names_the_cause()
    {
        await using var disk = await SmallDisk.MountAsync($"{fixture.Directory}-full", size: "1m");
        File.Copy(Path.Combine(fixture.Directory, "signing.key"), Path.Combine($"{fixture.Directory}-full", "key"));
        ControllerKeys.LoadOrCreate(Path.Combine($"{fixture.Directory}-full", ControllerKeys.FileName)).Dispose();
        disk.Fill();

        var failure = await Assert.ThrowsAsync<IOException>(() => OsapiController.StartAsync(
            new() { Transport = fixture.Transport, StateDirectory = $"{fixture.Directory}-full" },
            new()
            {
                SigningKeyFile = Path.Combine($"{fixture.Directory}-full", "key"),
                Urls = [new("http://127.0.0.1:0")],
            },
            _ => { },
            fixture.TestTimeout));

        Assert.Contains("jobs.db", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the read model cannot be used", failure.Message, StringComparison.Ordinal);
        await disk.DisposeAsync();
        Directory.Delete($"{fixture.Directory}-full");
    }

    [Fact]
    public async Task A_damaged_read_model_is_set_aside_and_made_again_from_the_log()
    {
        using var agent = (await fixture.AgentAsync("web-01")).AnswersOk();
        var second = await fixture.AddControllerAsync();
        await second.WaitForAgentAsync("web-01");
        List<string> ids = [];
        for (var i = 0; i < 50; i++)
            ids.Add((await second.GetAsync("/node/web-01/hostname")).Assert2xx().JobId);
        var file = Path.Combine($"{fixture.Directory}-2", "jobs.db");
        Damage(file);

        // A query that needs a damaged page finds it, and the file is replaced before the next job is recorded.
        foreach (var id in ids)
            await second.GetAsync($"/job/{id}");
        (await fixture.GetAsync("/node/web-01/hostname")).Assert2xx();
        await fixture.WaitForLogLineAsync("The damaged read model was moved to");
        await fixture.AdvanceUntilAsync(ReadyAsync(second, fixture), Second);

        Assert.True(File.Exists(file + ".damaged"));
        foreach (var id in ids)
            (await second.GetAsync($"/job/{id}")).Assert2xx();
        (await second.GetAsync("/node/web-01/hostname")).Assert2xx();
        Assert.Single(fixture.Logs.Lines, line => line.Contains("The damaged read model was moved to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_another_process_locks_the_read_model_it_reports_that_and_resumes_afterwards()
    {
        using var agent = (await fixture.AgentAsync("web-01")).AnswersOk();
        var second = await fixture.AddControllerAsync();
        await second.WaitForAgentAsync("web-01");
        await using (SqliteConnection other = new($"Data Source={Path.Combine($"{fixture.Directory}-2", "jobs.db")};Pooling=false"))
        {
            await other.OpenAsync(fixture.TestTimeout);
            await using var locked = other.CreateCommand();
            locked.CommandText = "begin immediate";
            await locked.ExecuteNonQueryAsync(fixture.TestTimeout);

            // The first call may be answered: only the commit after it finds the lock.
            await second.GetAsync("/node/web-01/hostname");
            await fixture.WaitForLogLineAsync("No job is accepted until");
            var refused = await second.GetAsync("/node/web-01/hostname");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
            Assert.Contains("locked", refused.Body, StringComparison.Ordinal);
            (await second.GetAsync("/job")).Assert2xx();
        }

        await fixture.AdvanceUntilAsync(ReadyAsync(second, fixture), Second);
        (await second.GetAsync("/node/web-01/hostname")).Assert2xx();
    }

    // Everything but the first page, which holds the layout; the content of the write-ahead log would hide it.
    private static void Damage(string file)
    {
        using (SqliteConnection other = new($"Data Source={file};Pooling=false"))
        {
            other.Open();
            using var checkpoint = other.CreateCommand();
            checkpoint.CommandText = "pragma wal_checkpoint(truncate)";
            checkpoint.ExecuteNonQuery();
        }

        using FileStream pages = new(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var garbage = new byte[pages.Length - 4096];
        new Random(1).NextBytes(garbage);
        pages.Position = 4096;
        pages.Write(garbage);
    }

    private static async Task<bool> ReadyAsync(AdditionalController controller, ControllerFixture fixture)
    {
        while ((await controller.GetAsync("/health/ready")).Status != HttpStatusCode.OK)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, fixture.TestTimeout);
        await controller.CatchUpAsync();
        return true;
    }
}
