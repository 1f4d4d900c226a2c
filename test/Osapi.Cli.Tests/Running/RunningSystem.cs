using System.Net.Http.Headers;

namespace Osapi.Cli.Tests.Running;

/// <summary>A running <c>osapi start</c>.</summary>
/// <param name="Program">The process.</param>
/// <param name="Announcement">The line with its address.</param>
internal sealed record RunningSystem(RunningProgram Program, string Announcement)
{
    public string Url => Announcement.Split([' ', ',']).First(word => word.StartsWith("http://", StringComparison.Ordinal));

    public HttpClient Http(string? token = null)
    {
        HttpClient http = new() { BaseAddress = new(Url), Timeout = TimeSpan.FromSeconds(30) };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }
}
