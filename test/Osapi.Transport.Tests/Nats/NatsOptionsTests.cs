using Osapi.Transport.Nats;

namespace Osapi.Transport.Tests.Nats;

public sealed class NatsOptionsTests
{
    private static readonly NatsOptions Right = new() { Urls = ["nats://one:4222", "tls://[::1]:4222"] };

    [Fact]
    public void Nothing_is_wrong_with_the_defaults() => Assert.Empty(Right.Check());

    [Fact]
    public async Task All_problems_are_reported_together()
    {
        var wrong = Right with
        {
            Urls = ["http://one"],
            User = "osapi",
            CredentialsFile = "a.creds",
            TlsCertificateFile = "a.pem",
            Prefix = "Osapi.x",
            InboxPrefix = "a.>",
            Replicas = 6,
            KeepCommands = TimeSpan.FromDays(8),
            Name = " ",
        };

        Assert.Equal(9, wrong.Check().Count);
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => NatsTransport.ConnectAsync(wrong, TestContext.Current.CancellationToken));
        Assert.All(wrong.Check(), problem => Assert.Contains(problem, refusal.Message, StringComparison.Ordinal));
        Assert.Equal("No server is configured.", Assert.Single((Right with { Urls = [] }).Check()));
    }

    [Fact]
    public void A_password_is_not_printed() => Assert.DoesNotContain("secret", (Right with { User = "osapi", Password = "secret" }).ToString(), StringComparison.Ordinal);
}
