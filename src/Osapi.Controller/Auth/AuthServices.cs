using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Osapi.Transport;

namespace Osapi.Controller.Auth;

/// <summary>Registers the services of authentication.</summary>
internal static class AuthServices
{
    public static void AddAuth(this IServiceCollection services, NodeEnvironment node, ControllerOptions options)
    {
        var signingKeyFile = options.SigningKeyFile ?? Path.Combine(node.StateDirectory, SigningKey.FileName);
        var key = SigningKey.LoadOrCreate(signingKeyFile);
        services.AddSingleton(key);
        services.AddSingleton(new TokenKeyFiles(signingKeyFile, options.TokenKeysDirectory ?? Path.Combine(node.StateDirectory, TokenKeyFiles.DirectoryName)));
        services.AddSingleton(new RoleTable(options.Roles));
        services.AddSingleton<TokenKeyRing>();
        services.AddHostedService(provider => provider.GetRequiredService<TokenKeyRing>());
        if (options.Oidc is { } issuer)
        {
            services.AddSingleton(_ => new OidcDiscovery(issuer));
            services.AddSingleton(provider => new OidcIssuer(
                issuer, provider.GetRequiredService<RoleTable>(), provider.GetRequiredService<OidcDiscovery>(), node.Time, provider.GetRequiredService<ILogger<OidcIssuer>>()));
        }

        services.AddSingleton(provider => new TokenValidator(
            provider.GetRequiredService<TokenKeyRing>(), provider.GetRequiredService<RoleTable>(), provider.GetService<OidcIssuer>(), node.Time));
        services.AddSingleton<ValidatedTokens>();
        services.AddSingleton(provider => new ClientCertificates(options.Clients, provider.GetRequiredService<RoleTable>(), node.Time));
        services.AddSingleton(provider => new RevocationFile(Path.Combine(node.StateDirectory, RevocationFile.FileName), provider.GetRequiredService<ILogger<RevocationFile>>()));
        services.AddSingleton<RevokedTokenSet>();
        services.AddSingleton<TokenHandlers>();
        services.AddSingleton<RevocationRegistry>();
        services.AddHostedService(provider => provider.GetRequiredService<RevocationRegistry>());
        services.AddSingleton<OpenRequests>();
        services.AddHostedService(provider => provider.GetRequiredService<OpenRequests>());
        // PermissionCheck does what the framework's own authorization would do.
        services.Configure<RouteOptions>(routes => routes.SuppressCheckForUnhandledSecurityMetadata = true);
    }
}
