using Osapi.Cli.Connection;
using Osapi.Cli.Hosting;
using Osapi.Cli.Settings;

namespace Osapi.Cli.Tests.Settings;

/// <summary>Tests that secrets do not go to other machines without encryption, and are not in files that others can read, unless the configuration allows it.</summary>
public sealed class InsecureAddressTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("osapi-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("http://0.0.0.0:8080", false)]
    [InlineData("http://192.0.2.1:8080", false)]
    [InlineData("http://[::]:8080", false)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://127.9.9.9:8080", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://localhost:8080", true)]
    public void A_controller_listens_beyond_this_machine_with_encryption_or_permission_only(string address, bool isPermitted)
    {
        Assert.Equal(isPermitted ? 0 : 1, Problems(("OSAPI_CONTROLLER_LISTEN", address)).Count(problem => problem.Contains("plain http beyond this machine", StringComparison.Ordinal)));
        Assert.Empty(Problems(("OSAPI_CONTROLLER_LISTEN", address), ("OSAPI_CONTROLLER_ALLOW_INSECURE", "true")));
    }

    [Theory]
    [InlineData("nats://broker:4222", false)]
    [InlineData("nats://192.0.2.1:4222", false)]
    [InlineData("tls://broker:4222", true)]
    [InlineData("nats://127.0.0.1:4222", true)]
    public void A_password_goes_to_a_broker_beyond_this_machine_with_encryption_or_permission_only(string address, bool isPermitted)
    {
        (string, string)[] credentials = [("OSAPI_NATS_URLS", address), ("OSAPI_NATS_USER", "me"), ("OSAPI_NATS_PASSWORD", "geheim")];

        Assert.Equal(isPermitted ? 0 : 1, Problems(credentials).Count);
        Assert.DoesNotContain(Problems(credentials), problem => problem.Contains("geheim", StringComparison.Ordinal));
        Assert.Empty(Problems([.. credentials, ("OSAPI_NATS_ALLOW_INSECURE", "true")]));
        Assert.Empty(Problems(("OSAPI_NATS_URLS", address)));
    }

    [Theory]
    [InlineData("http://controller:8080", false)]
    [InlineData("https://controller:8443", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    public void A_command_sends_its_token_beyond_this_machine_with_encryption_or_permission_only(string address, bool isPermitted)
    {
        Assert.Equal(isPermitted ? 0 : 1, OfCommand(("OSAPI_URL", address), ("OSAPI_TOKEN", "abc")).Count);
        Assert.Empty(OfCommand(("OSAPI_URL", address), ("OSAPI_TOKEN", "abc"), ("OSAPI_ALLOW_INSECURE", "true")));
        Assert.Empty(OfCommand(("OSAPI_URL", address)));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupWrite, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherWrite, false)]
    public void A_file_with_a_password_that_others_can_read_is_refused_with_the_cure(UnixFileMode mode, bool isPermitted)
    {
        var path = Path.Combine(directory, "password");
        File.WriteAllText(path, "geheim");
        File.SetUnixFileMode(path, mode);

        var problems = Problems(("OSAPI_NATS_USER", "me"), ("OSAPI_NATS_PASSWORD_FILE", path));

        if (isPermitted)
            Assert.Empty(problems);
        else
            Assert.Contains($"chmod 600 {path}", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void An_issuer_needs_an_audience_and_a_safe_address()
    {
        Assert.Contains("requires controller.oidc.audience", Assert.Single(Problems(("OSAPI_CONTROLLER_OIDC_ISSUER", "https://login.example.org"))), StringComparison.Ordinal);
        Assert.Contains("is not an issuer", Assert.Single(Problems(("OSAPI_CONTROLLER_OIDC_ISSUER", "http://login.example.org"), ("OSAPI_CONTROLLER_OIDC_AUDIENCE", "a"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("admin=node:read")]
    [InlineData("deployer=")]
    [InlineData("deployer=node:raed")]
    public void A_role_has_permissions_and_a_name_of_its_own(string role) => Assert.Contains("is not a role", Assert.Single(Problems(("OSAPI_CONTROLLER_ROLES", role))), StringComparison.Ordinal);

    private static IReadOnlyList<string> Problems(params (string Name, string Value)[] environment)
    {
        var configuration = Read(environment);
        NodeConfiguration.Read(configuration, controller: true, agent: true, nats: true);
        return configuration.Problems;
    }

    private static List<string> OfCommand(params (string Name, string Value)[] environment)
    {
        List<string> problems = [];
        ConnectionSettings.Make(Read(environment), problems);
        return problems;
    }

    private static Configuration Read((string Name, string Value)[] environment) =>
        Configuration.Read(new Dictionary<Setting, SettingValue>(), "/dev/null", environment.ToDictionary(each => each.Name, each => each.Value));
}
