using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Osapi.Operations;

namespace Osapi.Client.Tests;

public sealed class DependencyInjectionTests
{
    private readonly ScriptedHandler handler = ScriptedHandler.Answering(200, """{"status":"ok"}""");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_client_is_injected_with_its_address_and_token()
    {
        await using var services = Services(collection => collection.AddOsapiClient(options =>
        {
            options.BaseUrl = new("http://host:9/api");
            options.Token = "secret";
        }));

        await CallAsync(services.GetRequiredService<OsapiClient>());

        var request = Assert.Single(handler.Requests);
        Assert.Equal(("http://host:9/api/health", "Bearer secret"), (request.Url, request.Headers["Authorization"]));
    }

    [Fact]
    public async Task Without_settings_it_calls_this_machine_without_a_token()
    {
        await using var services = Services(collection => collection.AddOsapiClient(_ => { }));

        await CallAsync(services.GetRequiredService<OsapiClient>());

        var request = Assert.Single(handler.Requests);
        Assert.Equal("http://127.0.0.1:8080/health", request.Url);
        Assert.False(request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task Settings_may_come_from_other_services()
    {
        await using var services = Services(collection => collection
            .AddSingleton(new Secret("from a service"))
            .AddOsapiClient((provider, options) => options.Token = provider.GetRequiredService<Secret>().Text));

        await CallAsync(services.GetRequiredService<OsapiClient>());

        Assert.Equal("Bearer from a service", Assert.Single(handler.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task Settings_may_come_from_configuration_and_a_new_token_is_used_at_once()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Osapi:BaseUrl"] = "https://controller", ["Osapi:Token"] = "first" }).Build();
        await using var services = Services(collection => collection.AddOsapiClient(configuration.GetSection("Osapi")));
        var client = services.GetRequiredService<OsapiClient>();

        await CallAsync(client);
        configuration["Osapi:Token"] = "second";
        configuration.Reload();
        await CallAsync(client);

        Assert.Equal([("https://controller/health", "Bearer first"), ("https://controller/health", "Bearer second")], handler.Requests.Select(request => (request.Url, request.Headers["Authorization"])));
    }

    [Fact]
    public async Task The_token_provider_is_called_for_each_request()
    {
        var asked = 0;
        await using var services = Services(collection => collection.AddOsapiClient(options => options.TokenProvider = _ => new($"token-{++asked}")));
        using OsapiClient alone = new(new Uri("http://host"), _ => new($"token-{++asked}"), handler);
        var client = services.GetRequiredService<OsapiClient>();

        await CallAsync(client);
        await CallAsync(client);
        await CallAsync(alone);

        Assert.Equal(["Bearer token-1", "Bearer token-2", "Bearer token-3"], handler.Requests.Select(request => request.Headers["Authorization"]));
    }

    [Fact]
    public async Task Clients_with_names_are_keyed_services()
    {
        await using var services = Services(
            collection => collection.AddOsapiClient("berlin", options => options.BaseUrl = new("http://berlin")),
            collection => collection.AddOsapiClient("paris", (_, options) => options.BaseUrl = new("http://paris")),
            collection => collection.AddOsapiClient("rome", new ConfigurationBuilder().AddInMemoryCollection([new("BaseUrl", "http://rome")]).Build()));

        foreach (var name in (string[])["berlin", "paris", "rome"])
            await CallAsync(services.GetRequiredKeyedService<OsapiClient>(name));

        Assert.Equal(["http://berlin/health", "http://paris/health", "http://rome/health"], handler.Requests.Select(request => request.Url));
        Assert.IsType<OsapiClient>(services.GetRequiredKeyedService<IOperationInvoker>("rome"));
        Assert.Null(services.GetService<OsapiClient>());
    }

    [Fact]
    public async Task The_client_is_the_invoker_of_operations()
    {
        await using var services = Services(collection => collection.AddOsapiClient(_ => { }));

        Assert.IsType<OsapiClient>(services.GetRequiredService<IOperationInvoker>());
    }

    [Theory]
    [InlineData("ftp://host", "", "BaseUrl 'ftp://host/' is not an http or https address")]
    [InlineData("host:8080/x", "", "BaseUrl 'host:8080/x' is not an http or https address")]
    [InlineData("http://host", "secret", "Token and TokenProvider exclude each other.")]
    public async Task Settings_that_are_wrong_are_refused_at_the_start_and_with_the_client(string url, string token, string problem)
    {
        await using var services = Services(collection => collection.AddOsapiClient(options =>
        {
            options.BaseUrl = new(url, UriKind.RelativeOrAbsolute);
            options.Token = token;
            options.TokenProvider = token.Length > 0 ? _ => new("other") : null;
        }));

        Assert.Contains(problem, Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate).Message, StringComparison.Ordinal);
        Assert.Throws<OptionsValidationException>(services.GetRequiredService<OsapiClient>);
    }

    [Fact]
    public void Settings_are_needed() => Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddOsapiClient((Action<OsapiClientOptions>)null!));

    private static Task CallAsync(OsapiClient client) => client.Health.LivenessAsync(cancellationToken: Token);

    private ServiceProvider Services(params Func<IServiceCollection, IHttpClientBuilder>[] clients)
    {
        ServiceCollection services = new();
        foreach (var add in clients)
            add(services).ConfigurePrimaryHttpMessageHandler(() => handler);
        return services.BuildServiceProvider();
    }

    private sealed record Secret(string Text);
}
