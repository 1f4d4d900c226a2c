using System.Net;

namespace Osapi.Controller.Tests.Audit;

/// <summary>Tests of a controller whose disk is full: what acts is refused, reading goes on, and the chain says what it lost.</summary>
public sealed class AuditDiskTests : ControllerTest
{
    [Fact]
    public async Task On_a_full_disk_what_acts_is_refused_and_reading_goes_on()
    {
        await using var disk = await SmallDisk.MountAsync($"{fixture.Directory}-2", size: "4m");
        using var agent = (await fixture.AgentAsync("web-01")).AnswersOk();
        var second = await fixture.AddControllerAsync();
        await second.WaitForAgentAsync("web-01");
        (await second.GetAsync("/agent")).Assert2xx();

        // What fits into the last block of the file is written, and a read model that shrinks makes room.
        for (var i = 0; i == 0 || (await second.SendAsync("POST", "/token/revoke", $$"""{"id":"token-{{i}}"}""")).Status == HttpStatusCode.OK; i++)
        {
            Assert.True(i < 100, "the disk does not get full");
            disk.Fill();
        }

        (await second.GetAsync("/agent")).Assert2xx();
        var refused = await second.SendAsync("POST", "/agent/web-01/drain");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Contains("nothing was done, because the audit log cannot be written", refused.Error, StringComparison.Ordinal);
        Assert.Equal("Ready", (await second.GetAsync("/agent/web-01")).Assert2xx().Json.GetProperty("state").GetString());

        disk.MakeRoom();
        Assert.Equal(HttpStatusCode.OK, (await second.SendAsync("POST", "/agent/web-01/drain")).Status);
        var lost = (await second.GetAsync("/audit?kind=lost")).Assert2xx().Json.GetProperty("items");
        Assert.NotEqual(0, lost.GetArrayLength());
        Assert.Equal(0, (await second.GetAsync("/audit/verify")).Assert2xx().Json.GetProperty("problems").EnumerateArray().Count(problem => problem.GetProperty("problem").GetString() != "file"));
    }
}
