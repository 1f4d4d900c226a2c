using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Osapi.Controller.Auth;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Auth;

/// <summary>Tests of revoked tokens: every controller refuses them, also after a restart and after the loss of the store's copy.</summary>
public sealed class RevocationTests : ControllerTest
{
    private const string Refused = "invalid token: it is revoked";

    private AdditionalController other = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        other = await fixture.AddControllerAsync();
    }

    [Fact]
    public async Task A_revoked_token_is_refused_by_every_controller_and_the_other_tokens_of_its_subject_are_not()
    {
        var (lost, kept) = (Token("ann", "lost"), Token("ann", "kept"));
        (await fixture.SendAsync("GET", "/job", token: lost)).Assert2xx();
        (await SendOtherAsync(lost)).Assert2xx();

        var answer = (await fixture.PostAsync("/token/revoke", """{"id":"lost","reason":"laptop lost"}""")).Assert2xx();

        Assert.Equal(("token lost is revoked", true), (answer.Json.GetProperty("message").GetString(), answer.Json.GetProperty("changed").GetBoolean()));
        (await fixture.SendAsync("GET", "/job", token: lost)).AssertProblem(HttpStatusCode.Unauthorized, Refused);
        // The clock stands: it takes no time that a controller would wait for.
        await WaitForOtherAsync(lost);
        (await fixture.SendAsync("GET", "/job", token: kept)).Assert2xx();
        (await SendOtherAsync(kept)).Assert2xx();
    }

    [Fact]
    public async Task A_revoked_subject_gets_in_with_a_token_of_later_only()
    {
        var before = Token("ann", "before");
        (await fixture.PostAsync("/token/revoke", """{"subject":"ann"}""")).Assert2xx();

        (await fixture.SendAsync("GET", "/job", token: before)).AssertProblem(HttpStatusCode.Unauthorized, Refused);
        (await fixture.SendAsync("GET", "/job", token: Token("ann", "same time"))).AssertProblem(HttpStatusCode.Unauthorized, Refused);
        (await fixture.SendAsync("GET", "/job", token: Token("bob", "another"))).Assert2xx();
        // The clocks of machines that issue tokens may differ by half a minute.
        fixture.Time.Advance(TimeSpan.FromSeconds(31));
        (await fixture.SendAsync("GET", "/job", token: Token("ann", "after"))).Assert2xx();
        (await fixture.SendAsync("GET", "/job", token: before)).AssertProblem(HttpStatusCode.Unauthorized, Refused);
    }

    [Fact]
    public async Task A_restarted_controller_refuses_what_another_has_revoked_meanwhile()
    {
        var lost = Token("ann", "lost");
        (await fixture.SendAsync("GET", "/job", token: lost)).Assert2xx();
        (await SendOtherAsync(lost)).Assert2xx();
        await other.KillAsync();
        (await fixture.PostAsync("/token/revoke", """{"id":"lost"}""")).Assert2xx();

        var restarted = await fixture.AddControllerAsync();

        (await fixture.SendAsync("GET", new Uri(restarted.Url, "/job").ToString(), token: lost)).AssertProblem(HttpStatusCode.Unauthorized, Refused);
    }

    [Fact]
    public async Task What_the_store_has_lost_each_controller_writes_again()
    {
        var lost = Token("ann", "lost");
        (await fixture.PostAsync("/token/revoke", """{"id":"lost"}""")).Assert2xx();
        await WaitForOtherAsync(lost);
        var entry = Assert.Single(await fixture.Transport.Roster.ListAsync(fixture.TestTimeout), each => each.Key.StartsWith(Roster.RevocationKeys, StringComparison.Ordinal));

        await fixture.Transport.Roster.DeleteAsync(entry.Key, fixture.TestTimeout);

        while (await fixture.Transport.Roster.GetAsync(entry.Key, fixture.TestTimeout) is not { Value.IsEmpty: false })
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, fixture.TestTimeout);
        (await fixture.SendAsync("GET", "/job", token: lost)).AssertProblem(HttpStatusCode.Unauthorized, Refused);
        (await SendOtherAsync(lost)).AssertProblem(HttpStatusCode.Unauthorized, Refused);
        // The file on the disk is enough where the store has nothing.
        await other.KillAsync();
        await fixture.StopAsync();
        File.Delete(Path.Combine(fixture.Directory, "osapi.db"));
        await fixture.StartAsync();
        (await fixture.SendAsync("GET", "/job", token: lost)).AssertProblem(HttpStatusCode.Unauthorized, Refused);
    }

    [Fact]
    public async Task Open_streams_and_waiting_calls_of_a_revoked_token_end()
    {
        using HttpRequestMessage message = new(HttpMethod.Get, "/job/events") { Headers = { Authorization = new("Bearer", Token("ann", "lost")) } };
        using var stream = await fixture.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, fixture.TestTimeout);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        using HttpRequestMessage distant = new(HttpMethod.Get, new Uri(other.Url, "/job/events")) { Headers = { Authorization = new("Bearer", Token("ann", "lost")) } };
        using var streamThere = await fixture.Http.SendAsync(distant, HttpCompletionOption.ResponseHeadersRead, fixture.TestTimeout);
        using var admins = await EventLines.OpenAsync(fixture, "/job/events");

        (await fixture.PostAsync("/token/revoke", """{"id":"lost"}""")).Assert2xx();

        await Assert.ThrowsAnyAsync<Exception>(() => stream.Content.ReadAsByteArrayAsync(fixture.TestTimeout));
        await Assert.ThrowsAnyAsync<Exception>(() => streamThere.Content.ReadAsByteArrayAsync(fixture.TestTimeout));
        Assert.False(fixture.TestTimeout.IsCancellationRequested);
        // The stream of another token goes on.
        await fixture.AgentAsync("web-01");
        await fixture.SubmitAsync("web-01");
        Assert.NotNull(await admins.NextAsync());
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_expires()
    {
        var token = fixture.Tokens.Generate("ann", ["read"], [], TimeSpan.FromMinutes(10));
        using HttpRequestMessage message = new(HttpMethod.Get, "/job/events") { Headers = { Authorization = new("Bearer", token) } };
        using var stream = await fixture.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, fixture.TestTimeout);
        var end = Assert.ThrowsAnyAsync<Exception>(() => stream.Content.ReadAsByteArrayAsync(fixture.TestTimeout));

        fixture.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(end.IsCompleted);
        await fixture.AdvanceUntilAsync(end, TimeSpan.FromSeconds(1));
        Assert.False(fixture.TestTimeout.IsCancellationRequested);
    }

    [Fact]
    public async Task A_revocation_is_listed_and_made_once()
    {
        (await fixture.PostAsync("/token/revoke", """{"id":"lost","reason":"laptop lost"}""")).Assert2xx();
        var item = Assert.Single((await fixture.GetAsync("/token/revoked")).Assert2xx().Json.GetProperty("items").EnumerateArray());
        Assert.Equal(("lost", "somebody", "laptop lost"), (item.GetProperty("id").GetString(), item.GetProperty("revoked_by").GetString(), item.GetProperty("reason").GetString()));
        Assert.False((await fixture.PostAsync("/token/revoke", """{"id":"lost"}""")).Assert2xx().Json.GetProperty("changed").GetBoolean());
    }

    [Fact]
    public void A_revocation_is_kept_on_the_disk_until_the_last_token_that_it_concerns_has_expired()
    {
        // A clock of its own: none of the controller's timers has to run for ten years.
        FakeTimeProvider time = new(fixture.Time.GetUtcNow());
        RevocationFile file = new(Path.Combine(fixture.Directory, "other.json"), NullLogger<RevocationFile>.Instance);
        RevokedTokenSet set = new(file, time);
        set.Add(RevokedTokenSet.Create(new() { Id = "lost" }, "ann", time.GetUtcNow()));
        time.Advance(Tokens.MaxLifetime);
        Assert.Empty(set.RemoveExpired());
        Assert.True(set.Includes("lost", null, default));
        RevokedTokenSet next = new(file, time);
        next.Load();
        Assert.True(next.Includes("lost", null, default));

        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Single(set.RemoveExpired());
        Assert.False(set.Includes("lost", null, default));
        Assert.Empty(file.Read());
    }

    [Theory]
    [InlineData("""{"id":"a","subject":"b"}""", "id and subject cannot be given together")]
    [InlineData("""{"id":"eyJhbGciOiJIUzI1NiJ9.e30.AAAA"}""", "id must be the id of a token (1 to 256 printable ASCII characters; not the token itself)")]
    public async Task A_revocation_names_an_id_or_a_subject_and_never_a_token(string body, string error)
    {
        var answer = await fixture.PostAsync("/token/revoke", body);

        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, Assert.Single(answer.Errors)));
    }

    [Fact]
    public async Task A_revocation_of_nothing_is_refused() =>
        (await fixture.PostAsync("/token/revoke", "{}")).AssertProblem(HttpStatusCode.BadRequest, "id or subject is required");

    [Fact]
    public async Task What_acts_for_a_caller_later_can_ask_whether_it_is_revoked()
    {
        var revocations = fixture.Controller.Services.GetRequiredService<RevocationRegistry>();
        var began = fixture.Time.GetUtcNow();
        Assert.False(revocations.IsRevoked("lost", "ann", began));

        (await fixture.PostAsync("/token/revoke", """{"id":"lost"}""")).Assert2xx();
        Assert.True(revocations.IsRevoked("lost", "ann", began));
        Assert.False(revocations.IsRevoked(null, "ann", began));

        (await fixture.PostAsync("/token/revoke", """{"subject":"ann"}""")).Assert2xx();
        Assert.True(revocations.IsRevoked(null, "ann", began));
        Assert.False(revocations.IsRevoked(null, "ann", began + TimeSpan.FromMinutes(1)));
        Assert.False(revocations.IsRevoked(null, "bob", began));
    }

    private string Token(string subject, string id) => fixture.Tokens.Generate(new() { Subject = subject, Roles = ["admin"], Id = id, Lifetime = TimeSpan.FromHours(1) });

    private Task<Answer> SendOtherAsync(string token) => fixture.SendAsync("GET", new Uri(other.Url, "/job").ToString(), token: token);

    private async Task WaitForOtherAsync(string token)
    {
        while ((await SendOtherAsync(token)).Status != HttpStatusCode.Unauthorized)
            fixture.TestTimeout.ThrowIfCancellationRequested();
    }
}
