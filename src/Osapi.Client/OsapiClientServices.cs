using Osapi.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the client to a service collection.</summary>
public static class OsapiClientServices
{
    /// <summary>Adds <see cref="OsapiClient"/> as a typed client; the returned builder takes handlers, such as retries.</summary>
    /// <exception cref="UriFormatException">The address is no http or https address; thrown when the client is asked for.</exception>
    public static IHttpClientBuilder AddOsapiClient(this IServiceCollection services, Action<OsapiClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        OsapiClientOptions options = new();
        configure(options);
        return services
            .AddHttpClient(nameof(OsapiClient), http => OsapiClient.Authorize(HttpInvoker.Configure(http, options.BaseUrl), options.Token))
            .UseSocketsHttpHandler((handler, _) => handler.AllowAutoRedirect = false)
            .AddTypedClient(http => new OsapiClient(http));
    }
}
