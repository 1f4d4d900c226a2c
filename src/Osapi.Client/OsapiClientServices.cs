using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Osapi.Client;
using Osapi.Operations;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registrations of the client in a service collection.</summary>
/// <remarks>
/// Each also registers <see cref="IOperationInvoker"/>. The returned builder takes handlers, such as retries. Invalid settings cause an
/// <see cref="OptionsValidationException"/>, when the host starts, or otherwise when the client is resolved.
/// A client with a name is a keyed service: <c>[FromKeyedServices("berlin")] OsapiClient client</c>.
/// </remarks>
public static class OsapiClientServices
{
    /// <summary>Adds <see cref="OsapiClient"/> with settings from code.</summary>
    public static IHttpClientBuilder AddOsapiClient(this IServiceCollection services, Action<OsapiClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, name: null, options => options.Configure(configure));
    }

    /// <summary>Adds <see cref="OsapiClient"/> with settings from code that uses other services; they come from the root of the container.</summary>
    public static IHttpClientBuilder AddOsapiClient(this IServiceCollection services, Action<IServiceProvider, OsapiClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, name: null, options => options.Configure<IServiceProvider>((settings, provider) => configure(provider, settings)));
    }

    /// <summary>Adds <see cref="OsapiClient"/> with settings from configuration: <c>BaseUrl</c>, <c>Socket</c> and <c>Token</c>. A token that changes there is used from the next request on.</summary>
    public static IHttpClientBuilder AddOsapiClient(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, name: null, options => Bind(options, configuration));
    }

    /// <summary>Adds a client with a name, with settings from code.</summary>
    public static IHttpClientBuilder AddOsapiClient(this IServiceCollection services, string name, Action<OsapiClientOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, name, options => options.Configure(configure));
    }

    /// <summary>Adds a client with a name, with settings from code that uses other services; they come from the root of the container.</summary>
    public static IHttpClientBuilder AddOsapiClient(this IServiceCollection services, string name, Action<IServiceProvider, OsapiClientOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, name, options => options.Configure<IServiceProvider>((settings, provider) => configure(provider, settings)));
    }

    /// <summary>Adds a client with a name, with settings from configuration: <c>BaseUrl</c>, <c>Socket</c> and <c>Token</c>. A token that changes there is used from the next request on.</summary>
    public static IHttpClientBuilder AddOsapiClient(this IServiceCollection services, string name, IConfiguration configuration)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configuration);
        return Add(services, name, options => Bind(options, configuration));
    }

    private static IHttpClientBuilder Add(IServiceCollection services, string? name, Action<OptionsBuilder<OsapiClientOptions>> configure)
    {
        var optionsName = name ?? Options.Options.DefaultName;
        var httpName = name is null ? nameof(OsapiClient) : $"{nameof(OsapiClient)}.{name}";
        var options = services.AddOptions<OsapiClientOptions>(optionsName);
        configure(options);
        options.ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OsapiClientOptions>, OsapiClientOptionsValidation>());
        if (name is null)
        {
            services.AddTransient(Client);
            services.AddTransient<IOperationInvoker>(static provider => provider.GetRequiredService<OsapiClient>());
        }
        else
        {
            services.AddKeyedTransient(name, (provider, _) => Client(provider));
            services.AddKeyedTransient<IOperationInvoker>(name, static (provider, key) => provider.GetRequiredKeyedService<OsapiClient>(key));
        }

        return services
            .AddHttpClient(httpName, (provider, http) => HttpInvoker.Configure(http, Settings(provider) is { Socket: null } settings ? settings.BaseUrl : UnixSocket.BaseUrl))
            .UseSocketsHttpHandler((handler, provider) =>
            {
                handler.AllowAutoRedirect = false;
                if (Settings(provider).Socket is { } path)
                    UnixSocket.Use(handler, path);
            })
            .AddHttpMessageHandler(provider => new BearerTokenHandler(cancellationToken =>
                Settings(provider) is { TokenProvider: { } token } ? token(cancellationToken) : new(Settings(provider).Token)));

        OsapiClient Client(IServiceProvider provider) => new(provider.GetRequiredService<IHttpClientFactory>().CreateClient(httpName));

        OsapiClientOptions Settings(IServiceProvider provider) => provider.GetRequiredService<IOptionsMonitor<OsapiClientOptions>>().Get(optionsName);
    }

    // Read by hand: the configuration binder needs reflection, or a source generator for only three texts.
    private static void Bind(OptionsBuilder<OsapiClientOptions> options, IConfiguration configuration)
    {
        options.Services.AddSingleton<IOptionsChangeTokenSource<OsapiClientOptions>>(new ConfigurationChangeTokenSource<OsapiClientOptions>(options.Name, configuration));
        options.Configure(settings =>
        {
            if (configuration[nameof(OsapiClientOptions.BaseUrl)] is { } url)
                settings.BaseUrl = new(url, UriKind.RelativeOrAbsolute);
            settings.Socket = configuration[nameof(OsapiClientOptions.Socket)] ?? settings.Socket;
            settings.Token = configuration[nameof(OsapiClientOptions.Token)] ?? settings.Token;
        });
    }
}
