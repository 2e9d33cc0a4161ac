//! Enrolled devices: computers of reading rooms, each with one condition of pattern `kiosk`.
//!
//! Of the one-time code there is only a hash here, and not even that once it was used (S11, S16).

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::policy::ConditionRow;
use super::{Changed, Store, StoreError, identity, signed, unsigned};
use crate::audit::{Act, Action, Entry};
use crate::clock::UnixSeconds;
use crate::credential::account::DeviceId;
use crate::credential::device::{CodeHash, Label};

/// A new device as it is to be written.
#[derive(Clone, Debug)]
pub struct NewDevice {
    pub id: DeviceId,
    pub label: Label,
    /// Name of its condition.
    pub condition: String,
    pub code: CodeHash,
    /// First second in which the code is no good any more.
    pub code_expires: UnixSeconds,
}

/// A device, whatever became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub id: DeviceId,
    pub label: Label,
    pub bit: u8,
    /// The name that the bit was given for; the policy may not have it any more.
    pub condition: String,
    pub made: UnixSeconds,
    /// Until when the code can be used; `None` if it was used, or the device revoked.
    pub code_expires: Option<UnixSeconds>,
    pub enrolled: Option<UnixSeconds>,
    pub revoked: Option<UnixSeconds>,
}

/// Why a device was not made; nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    #[error("there is no access condition {0:?} in the policy")]
    UnknownCondition(String),
    #[error("the access condition {0:?} is not of pattern kiosk")]
    NotKiosk(String),
    #[error(transparent)]
    Database(#[from] StoreError),
}

impl From<sqlx::Error> for DeviceError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

const COLUMNS: &str = "SELECT d.id, d.label, d.bit, c.name, d.made, d.code_expires, d.enrolled, d.revoked \
     FROM device d JOIN access_condition c ON c.bit = d.bit";

impl Store {
    /// Makes a device that waits for its code. It opens nothing yet, so no reader of the change
    /// log has to know.
    pub async fn make_device(&self, device: &NewDevice, act: Act) -> Result<(), DeviceError> {
        let mut writing = self.begin(act).await?;
        let known = ConditionRow::all(writing.connection()).await?;
        let named = known.iter().find(|row| row.name == device.condition && row.position.is_some());
        let Some(row) = named else { return Err(DeviceError::UnknownCondition(device.condition.clone())) };
        if !row.condition()?.is_for_devices() {
            return Err(DeviceError::NotKiosk(device.condition.clone()));
        }
        sqlx::query(
            "INSERT INTO device (id, label, bit, code_hash, code_expires, made) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(device.id.to_string())
        .bind(device.label.as_str())
        .bind(i64::from(row.bit))
        .bind(device.code.to_string())
        .bind(signed(device.code_expires))
        .bind(signed(act.at))
        .execute(writing.connection())
        .await?;
        let entry = Entry::new(Action::DeviceMade, device.id).with("condition", &device.condition);
        Ok(writing.commit([entry]).await?)
    }

    /// Uses a code up: of all who come with it, one gets the device (S5). `None` for whoever comes later, too
    /// late, or with a code that there is not; nothing tells these apart.
    pub async fn enrol_device(&self, code: &CodeHash, act: Act) -> Result<Option<Device>, StoreError> {
        let code = code.to_string();
        // Without a lock first: guessing must cost no write.
        let known: Option<String> = sqlx::query_scalar("SELECT id FROM device WHERE code_hash = $1")
            .bind(&code)
            .fetch_optional(&self.pool)
            .await?;
        if known.is_none() {
            return Ok(None);
        }
        let mut writing = self.begin(act).await?;
        let enrolled: Option<String> = sqlx::query_scalar(
            "UPDATE device SET enrolled = $1, code_hash = NULL, code_expires = NULL \
             WHERE code_hash = $2 AND code_expires > $1 AND enrolled IS NULL AND revoked IS NULL \
             RETURNING id",
        )
        .bind(signed(act.at))
        .bind(&code)
        .fetch_optional(writing.connection())
        .await?;
        let Some(id) = enrolled else { return Ok(None) };
        writing.log(&Changed::Device(identity(&id)?)).await?;
        let device = read_device(writing.connection(), &id).await?;
        writing.commit([Entry::new(Action::DeviceEnrolled, id)]).await?;
        Ok(device)
    }

    /// Ends a device: neither its code nor its cookie counts any more. Ending it again changes nothing; `None`
    /// if there is no device of this identity.
    pub async fn revoke_device(&self, id: &DeviceId, act: Act) -> Result<Option<Device>, StoreError> {
        let mut writing = self.begin(act).await?;
        let written = sqlx::query(
            "UPDATE device SET revoked = $1, code_hash = NULL, code_expires = NULL \
             WHERE id = $2 AND revoked IS NULL",
        )
        .bind(signed(act.at))
        .bind(id.to_string())
        .execute(writing.connection())
        .await?
        .rows_affected();
        if written > 0 {
            writing.log(&Changed::Device(*id)).await?;
        }
        let device = read_device(writing.connection(), &id.to_string()).await?;
        writing.commit((written > 0).then(|| Entry::new(Action::DeviceRevoked, id))).await?;
        Ok(device)
    }

    /// The device of this identity, whatever became of it.
    pub async fn device(&self, id: &DeviceId) -> Result<Option<Device>, StoreError> {
        let mut reading = self.begin_read().await?;
        read_device(&mut reading, &id.to_string()).await
    }

    /// All devices, the oldest first.
    pub async fn devices(&self) -> Result<Vec<Device>, StoreError> {
        let mut reading = self.begin_read().await?;
        let rows = sqlx::query(COLUMNS).fetch_all(&mut *reading).await?;
        let mut devices = rows.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
        devices.sort_by_key(|device| (device.made, device.id));
        Ok(devices)
    }

    /// The bit of a device's condition; `None` unless it is enrolled and not revoked.
    pub async fn active_device(&self, id: &DeviceId) -> Result<Option<u8>, StoreError> {
        let device = self.device(id).await?;
        let active = device.filter(|device| device.enrolled.is_some() && device.revoked.is_none());
        Ok(active.map(|device| device.bit))
    }
}

/// The devices that are enrolled and not revoked, with the bits of their conditions.
pub(super) async fn read_active_devices(
    connection: &mut AnyConnection,
) -> Result<Vec<(DeviceId, u8)>, StoreError> {
    sqlx::query_as::<_, (String, i64)>(
        "SELECT id, bit FROM device WHERE enrolled IS NOT NULL AND revoked IS NULL",
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|(id, bit)| Ok((identity(&id)?, condition_bit(bit)?)))
    .collect()
}

async fn read_device(connection: &mut AnyConnection, id: &str) -> Result<Option<Device>, StoreError> {
    let statement = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE d.id = $1"));
    let row = sqlx::query(statement).bind(id).fetch_optional(connection).await?;
    row.as_ref().map(from_row).transpose()
}

fn from_row(row: &AnyRow) -> Result<Device, StoreError> {
    let label: &str = row.try_get("label")?;
    let time = |column: &str| row.try_get::<Option<i64>, _>(column)?.map(unsigned).transpose();
    Ok(Device {
        id: identity(row.try_get("id")?)?,
        label: Label::parse(label)
            .map_err(|error| StoreError::Damaged(format!("device label {label:?}: {error}")))?,
        bit: condition_bit(row.try_get("bit")?)?,
        condition: row.try_get("name")?,
        made: unsigned(row.try_get("made")?)?,
        code_expires: time("code_expires")?,
        enrolled: time("enrolled")?,
        revoked: time("revoked")?,
    })
}

fn condition_bit(bit: i64) -> Result<u8, StoreError> {
    u8::try_from(bit).map_err(|_| StoreError::Damaged(format!("condition bit {bit} of a device")))
}
