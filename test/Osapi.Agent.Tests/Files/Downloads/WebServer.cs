using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Osapi.Agent.Tests.Files.Downloads;

/// <summary>A server on loopback that answers each path with exactly the given bytes, and closes the connection after them.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, Func<string, byte[]>> answers = new();
    private readonly X509Certificate2? certificate;
    private readonly Task loop;

    public WebServer(bool isSecure = false)
    {
        if (isSecure)
            certificate = CreateCertificate();
        listener.Start();
        loop = AcceptAsync();
    }

    /// <summary>The requests so far: the first line and the headers.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Set when a request for a path without an answer has come, which is never answered.</summary>
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The certificate that certifies itself.</summary>
    public string Ca => certificate!.ExportCertificatePem();

    public string Address(string path) => $"{(certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}{path}";

    /// <summary>Answers a path with 200 and this content.</summary>
    public void Serve(string path, string content, string headers = "") => Answer(path, _ => Reply("200 OK", content, headers));

    /// <summary>Answers a path.</summary>
    public void Answer(string path, Func<string, byte[]> answer) => answers[path] = answer;

    public static byte[] Reply(string status, string content, string headers = "") =>
        Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(content)}\r\nConnection: close\r\n{headers}\r\n{content}");

    public static byte[] Redirect(string to) => Reply("302 Found", "", $"Location: {to}\r\n");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await loop;
        certificate?.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            await using (Stream stream = await OpenAsync(client))
            {
                var request = await ReadAsync(stream);
                Requests.Enqueue(request);
                if (answers.TryGetValue(request.Split(' ')[1], out var answer))
                {
                    await stream.WriteAsync(answer(request), stop.Token);
                    return;
                }

                Waiting.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
            }
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client has closed the connection, or the test is over.
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (certificate is null)
            return client.GetStream();
        SslStream secure = new(client.GetStream());
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop.Token);
        return secure;
    }

    private async Task<string> ReadAsync(Stream stream)
    {
        StringBuilder text = new();
        var buffer = new byte[4096];
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, stop.Token);
            if (count == 0)
                throw new IOException("closed");
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
