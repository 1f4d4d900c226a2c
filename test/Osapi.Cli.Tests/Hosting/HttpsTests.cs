using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Hosting;

/// <summary>Tests of the REST interface with a certificate.</summary>
public sealed class HttpsTests : CliTest
{
    [Fact]
    public async Task It_answers_over_tls_with_the_certificate_of_the_configuration()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=osapi", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var config = fixture.File("osapi.yaml", $$"""
            controller:
              listen: https://127.0.0.1:0
              tls: {certificate: {{fixture.File("cert.pem", certificate.ExportCertificatePem())}}, key: {{fixture.File("key.pem", key.ExportPkcs8PrivateKeyPem())}}}
            """);
        var program = fixture.Start("start", "--config", config);
        var url = (await program.LineAsync(" listens on ")).Split([' ', ',']).First(word => word.StartsWith("https://", StringComparison.Ordinal));
        using SocketsHttpHandler handler = new();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString(HashAlgorithmName.SHA256) == certificate.GetCertHashString(HashAlgorithmName.SHA256);
        using HttpClient http = new(handler);

        using var answer = await http.GetAsync(new Uri($"{url}/health"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_certificate_and_a_key_that_do_not_belong_together_are_refused_at_start()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=osapi", key, HashAlgorithmName.SHA256).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var config = fixture.File("osapi.yaml", $$"""
            controller:
              tls: {certificate: {{fixture.File("cert.pem", certificate.ExportCertificatePem())}}, key: {{fixture.File("key.pem", other.ExportPkcs8PrivateKeyPem())}}}
            """);

        var ended = (await fixture.RunAsync("start", "--config", config)).With(ExitCode.BadInput);

        Assert.StartsWith($"error: {config}:2:22: controller.tls.certificate ", Assert.Single(ended.ErrorLines, line => line.StartsWith("error: ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
