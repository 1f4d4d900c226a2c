using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of access to the content of files that are not world-readable.</summary>
public sealed class FileContentTests : ControllerTest
{
    private const string Deployment = """{"object_name":"a","path":"/etc/secret","content_type":"raw"}""";

    private string writer = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        writer = fixture.Token(["write"]);
        // As an agent does: restricted content is included when the command allows it.
        (await fixture.AgentAsync("web-01")).Answers(command => new()
        {
            Hostname = "web-01",
            Outcome = Outcome.Ok,
            Check = new() { Changed = true, Diff = "sizes", ContentDiff = command.FileContent ? "-old\n+new\n" : null },
        });
    }

    [Fact]
    public async Task Only_the_role_admin_has_the_permission()
    {
        Assert.Contains("-old", (await CheckAsync(fixture.Admin)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("-old", (await CheckAsync(writer)).Body, StringComparison.Ordinal);
        Assert.Contains("-old", (await CheckAsync(fixture.Token([], Permissions.FileWrite, Permissions.FileContent))).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_of_the_job_is_shown_it_only_with_the_permission()
    {
        var id = (await CheckAsync(fixture.Admin)).JobId;

        foreach (var (token, isShown) in new[] { (fixture.Admin, true), (writer, false), (fixture.Token(["read"]), false), (fixture.Token([], Permissions.JobRead, Permissions.FileContent), true) })
        {
            var job = (await fixture.SendAsync("GET", $"/job/{id}", token: token)).Assert2xx();
            Assert.Equal(isShown, job.Body.Contains("content_diff", StringComparison.Ordinal));
            Assert.Equal("sizes", job.Json.GetProperty("responses").GetProperty("web-01").GetProperty("check").GetProperty("diff").GetString());
        }

        foreach (var call in (string[])["POST /job/{0}/cancel", "GET /job", "GET /job/{0}/events"])
            Assert.DoesNotContain("-old", (await fixture.SendAsync(call.Split(' ')[0], string.Format(null, call.Split(' ')[1], id), token: writer)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_with_the_same_id_sees_only_permitted_content()
    {
        var id = Guid.NewGuid().ToString();
        Assert.Contains("-old", (await CheckAsync(fixture.Admin, id)).Body, StringComparison.Ordinal);

        var second = await CheckAsync(writer, id);

        Assert.Equal(id, second.JobId);
        Assert.DoesNotContain("-old", second.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_retry_has_the_permission_of_its_own_caller(bool firstMay, bool secondMay)
    {
        var id = (await CheckAsync(firstMay ? fixture.Admin : writer)).JobId;

        var again = (await fixture.SendAsync("POST", $"/job/{id}/retry", token: secondMay ? fixture.Admin : writer)).Assert2xx(System.Net.HttpStatusCode.Created).JobId;
        await fixture.WaitForEndAsync(again);

        Assert.Equal(secondMay, (await RecordAsync(again)).FileContent);
        Assert.Equal(secondMay, (await fixture.GetAsync($"/job/{again}")).Body.Contains("-old", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_that_acts_needs_no_content_and_gets_none()
    {
        var id = (await fixture.SendAsync("POST", "/node/web-01/file/deploy", Deployment)).JobId;

        Assert.False((await RecordAsync(id)).FileContent);
    }

    [Fact]
    public async Task A_check_shows_stored_content_only_to_callers_who_may_read_it()
    {
        foreach (var (permissions, isShown) in new[] { (new[] { Permissions.FileWrite }, false), (new[] { Permissions.FileWrite, Permissions.FileRead }, true) })
        {
            using MultipartFormDataContent form = new() { { new StringContent("a"), "\"name\"" }, { new StringContent("hidden"), "\"file\"", "\"f\"" } };
            using HttpRequestMessage upload = new(HttpMethod.Post, "/file?force=true") { Content = form };
            upload.Headers.TryAddWithoutValidation("Authorization", $"Bearer {fixture.Admin}");
            (await fixture.Http.SendAsync(upload, fixture.TestTimeout)).EnsureSuccessStatusCode();

            var check = (await fixture.SendAsync("DELETE", "/file/a?check=true", token: fixture.Token([], permissions))).Assert2xx();

            Assert.Equal(isShown, check.Json.GetProperty("check").GetProperty("diff").GetString()!.Contains("hidden", StringComparison.Ordinal));
        }
    }

    private Task<Answer> CheckAsync(string token, string? id = null) => fixture.SendAsync("POST", "/node/web-01/file/deploy?check=true", Deployment, token, key: id);

    private async Task<JobRecord> RecordAsync(string id) => JobJson.Record((await fixture.Transport.LastAsync(StreamName.Jobs, Subjects.Record(JobId.Parse(id)), fixture.TestTimeout))!.Payload);
}
