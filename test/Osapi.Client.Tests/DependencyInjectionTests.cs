using Microsoft.Extensions.DependencyInjection;

namespace Osapi.Client.Tests;

public sealed class DependencyInjectionTests
{
    private readonly ScriptedHandler handler = ScriptedHandler.Answering(200, """{"status":"ok"}""");

    [Fact]
    public async Task The_client_is_injected_with_its_address_and_token()
    {
        await using var services = Services(options =>
        {
            options.BaseUrl = new("http://host:9/api");
            options.Token = "secret";
        });

        await services.GetRequiredService<OsapiClient>().Health.LivenessAsync(cancellationToken: TestContext.Current.CancellationToken);

        var request = Assert.Single(handler.Requests);
        Assert.Equal(("http://host:9/api/health", "Bearer secret"), (request.Url, request.Headers["Authorization"]));
    }

    [Fact]
    public async Task Without_settings_it_asks_this_machine_as_nobody()
    {
        await using var services = Services(_ => { });

        await services.GetRequiredService<OsapiClient>().Health.LivenessAsync(cancellationToken: TestContext.Current.CancellationToken);

        var request = Assert.Single(handler.Requests);
        Assert.Equal("http://127.0.0.1:8080/health", request.Url);
        Assert.False(request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task An_address_that_is_none_is_refused()
    {
        await using var services = Services(options => options.BaseUrl = new("ftp://host"));

        Assert.Throws<UriFormatException>(services.GetRequiredService<OsapiClient>);
    }

    [Fact]
    public void Settings_are_needed() => Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddOsapiClient(null!));

    private ServiceProvider Services(Action<OsapiClientOptions> configure)
    {
        ServiceCollection services = new();
        services.AddOsapiClient(configure).ConfigurePrimaryHttpMessageHandler(() => handler);
        return services.BuildServiceProvider();
    }
}
