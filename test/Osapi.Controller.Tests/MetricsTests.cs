using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Metrics;

namespace Osapi.Controller.Tests;

/// <summary>Tests of the metrics.</summary>
public sealed partial class MetricsTests() : ControllerTest(new AgentSetup("web-01", AnswersOk: true))
{
    [Fact]
    public async Task They_are_text_that_prometheus_reads_and_name_no_host_and_no_caller()
    {
        (await fixture.GetAsync("/node/web-01/hostname")).Assert2xx();

        var answer = await fixture.SendAsync("GET", "/metrics", token: null);

        Assert.Equal((HttpStatusCode.OK, "text/plain"), (answer.Status, answer.ContentType));
        Assert.DoesNotContain("web-01", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("somebody", answer.Body, StringComparison.Ordinal);
        string? family = null;
        HashSet<string> families = [], series = [];
        foreach (var line in answer.Body.TrimEnd('\n').Split('\n'))
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                Assert.True(families.Add(family = line.Split(' ')[2]), line);
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                Assert.Equal(family, line.Split(' ')[2]);
            else
            {
                var match = Sample.Match(line);
                Assert.True(match.Success, line);
                Assert.StartsWith(family!, match.Groups["name"].Value, StringComparison.Ordinal);
                Assert.True(series.Add(line[..line.LastIndexOf(' ')]), line);
            }

        foreach (var name in (string[])
        [
            "osapi_http_requests_total", "osapi_http_request_duration_seconds", "osapi_http_requests_refused_total", "osapi_jobs_processed_total", "osapi_job_queue_wait_seconds", "osapi_job_duration_seconds",
            "osapi_jobs_active", "osapi_agents", "osapi_log_lag_messages", "osapi_disk_free_bytes", "osapi_disk_size_bytes", "osapi_ready", "osapi_build_info", "process_resident_memory_bytes",
        ])
            Assert.Contains(name, families);
    }

    [Fact]
    public async Task They_count_requests_jobs_refusals_and_agents()
    {
        for (var i = 0; i < 3; i++)
            (await fixture.GetAsync("/node/web-01/hostname")).Assert2xx();
        await fixture.SendAsync("GET", "/job", token: "justtext");
        await fixture.SendAsync("POST", "/agent/web-01/drain", "{}", fixture.Token(["read"]));
        await fixture.GetAsync("/no/such/path");
        await fixture.GetAsync("/another/path");
        await fixture.CatchUpAsync();

        var text = (await fixture.SendAsync("GET", "/metrics", token: null)).Body;

        Assert.Equal(3, Value(text, """osapi_http_requests_total{operation="node.hostname.get",code="200"}"""));
        Assert.Equal(3, Value(text, """osapi_http_request_duration_seconds_count{operation="node.hostname.get"}"""));
        Assert.Equal(3, Value(text, """osapi_jobs_processed_total{operation="node.hostname.get",status="completed"}"""));
        Assert.Equal(3, Value(text, """osapi_job_duration_seconds_bucket{operation="node.hostname.get",le="+Inf"}"""));
        Assert.Equal(1, Value(text, """osapi_http_requests_refused_total{code="401"}"""));
        Assert.Equal(1, Value(text, """osapi_http_requests_refused_total{code="403"}"""));
        Assert.Equal(2, Value(text, """osapi_http_requests_total{operation="none",code="404"}"""));
        Assert.Equal(1, Value(text, """osapi_agents{state="Ready"}"""));
        Assert.Equal(1, Value(text, "osapi_ready"));
        Assert.Equal(0, Value(text, "osapi_log_lag_messages"));
        Assert.True(Value(text, "osapi_disk_free_bytes") > 0);
    }

    [Fact]
    public async Task The_number_of_series_is_bounded()
    {
        var metrics = fixture.Controller.Services.GetRequiredService<ControllerMetrics>();

        for (var i = 0; i < MetricCollector.MaxSeries + 500; i++)
            metrics.AddRequest($"operation-{i}", 200, TimeSpan.Zero);

        var text = (await fixture.SendAsync("GET", "/metrics", token: null)).Body;
        Assert.Equal(MetricCollector.MaxSeries + 1, text.Split('\n').Count(line => line.StartsWith("osapi_http_requests_total{", StringComparison.Ordinal)));
        Assert.Equal(500, Value(text, """osapi_http_requests_total{overflow="true"}"""));
    }

    [Fact]
    public async Task Where_nobody_reads_them_without_a_token_they_need_a_permission()
    {
        await using var closed = await ControllerFixture.OpenAsync(options => options with { MetricsAccess = MetricsAccess.Nobody });

        (await closed.SendAsync("GET", "/metrics", token: null)).AssertProblem(HttpStatusCode.Unauthorized, "bearer token required");
        (await closed.SendAsync("GET", "/metrics", token: closed.Token(["nobody"]))).AssertProblem(HttpStatusCode.Forbidden, "insufficient permissions: health:read is required");
        Assert.Equal(HttpStatusCode.OK, (await closed.SendAsync("GET", "/metrics", token: closed.Token(["read"]))).Status);
    }

    private static double Value(string text, string series)
    {
        var line = Assert.Single(text.Split('\n'), line => line.StartsWith(series + " ", StringComparison.Ordinal));
        return double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture);
    }

    // https://prometheus.io/docs/instrumenting/exposition_formats/
    [GeneratedRegex("""\A(?<name>[a-z_]+)(\{[a-z_]+="[^"\\]*"(,[a-z_]+="[^"\\]*")*\})? [0-9.E+-]+\z""")]
    private static partial Regex Sample { get; }
}
