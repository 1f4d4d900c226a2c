using Osapi.Cli.Settings;
using Osapi.Transport.Nats;

namespace Osapi.Cli.Hosting;

/// <summary>The configuration of the connection to the broker.</summary>
internal static class BrokerConfiguration
{
    private static readonly IReadOnlyList<string> DefaultUrls = ["nats://127.0.0.1:4222"];

    /// <summary>Reads the configuration; errors are added to its problems.</summary>
    public static NatsOptions Read(Configuration configuration, bool createsStreams)
    {
        CheckIdentity(configuration);
        var (certificate, key) = SettingPairs.Files(configuration, NatsSettings.TlsCertificate, NatsSettings.TlsKey);
        NatsOptions options = new()
        {
            Urls = configuration.Get(NatsSettings.Urls) is { Count: > 0 } urls ? urls : DefaultUrls,
            User = configuration.Get(NatsSettings.User),
            Password = Password(configuration),
            NKeySeedFile = SettingPairs.File(configuration, NatsSettings.NKeySeedFile),
            CredentialsFile = SettingPairs.File(configuration, NatsSettings.CredentialsFile),
            TlsCaFile = SettingPairs.File(configuration, NatsSettings.TlsCa),
            TlsCertificateFile = certificate,
            TlsKeyFile = key,
            CreateStreams = createsStreams,
            Replicas = configuration.Get(NatsSettings.Replicas) ?? 1,
        };
        return options with
        {
            Prefix = configuration.Get(NatsSettings.Prefix) ?? options.Prefix,
            InboxPrefix = configuration.Get(NatsSettings.InboxPrefix) ?? options.InboxPrefix,
            ApiPrefix = configuration.Get(NatsSettings.ApiPrefix) ?? options.ApiPrefix,
            KeepJobs = configuration.Get(ControllerSettings.KeepJobs) ?? options.KeepJobs,
        };
    }

    // Only one form of identity: with two it would be unclear which one counts.
    private static void CheckIdentity(Configuration configuration)
    {
        Setting[] ways = [NatsSettings.User, NatsSettings.NKeySeedFile, NatsSettings.CredentialsFile];
        foreach (var second in ways.Where(way => configuration.Given(way) is not null).Skip(1))
            configuration.Add(second, $"is one way too many: {configuration.Name(ways.First(way => configuration.Given(way) is not null))} says already who this is");
        Setting[] passwords = [NatsSettings.Password, NatsSettings.PasswordFile];
        if (passwords.All(password => configuration.Given(password) is not null))
            configuration.Add(NatsSettings.PasswordFile, $"is one password too many: {configuration.Name(NatsSettings.Password)} is given, too");
        var password = passwords.FirstOrDefault(password => configuration.Given(password) is not null) ?? NatsSettings.Password;
        SettingPairs.Together(configuration, NatsSettings.User, password);
    }

    private static string? Password(Configuration configuration)
    {
        if (configuration.Get(NatsSettings.Password) is { } password)
            return password;
        return SettingPairs.File(configuration, NatsSettings.PasswordFile) is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : null;
    }
}
