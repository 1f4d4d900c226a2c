using System.Net.Http.Headers;
using Osapi.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the client to a service collection.</summary>
public static class OsapiClientServices
{
    /// <summary>Adds <see cref="OsapiClient"/> as a typed client; the returned builder takes handlers, such as retries.</summary>
    public static IHttpClientBuilder AddOsapiClient(this IServiceCollection services, Action<OsapiClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        OsapiClientOptions options = new();
        configure(options);
        return services
            .AddHttpClient(nameof(OsapiClient), http =>
            {
                http.BaseAddress = new(options.BaseUrl.AbsoluteUri.TrimEnd('/') + "/");
                http.Timeout = Timeout.InfiniteTimeSpan;
                if (options.Token.Length > 0)
                    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
            })
            .AddTypedClient(http => new OsapiClient(http));
    }
}
